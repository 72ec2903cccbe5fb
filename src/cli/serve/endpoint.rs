//! Unix sockets and TCP behind one face.

use std::{
    fmt, fs,
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    os::unix::{
        fs::{FileTypeExt, PermissionsExt},
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

/// Where a server listens.
#[derive(Debug, Clone)]
pub(super) enum Endpoint {
    Unix(PathBuf),
    Tcp(SocketAddr),
}

impl FromStr for Endpoint {
    type Err = std::convert::Infallible;

    /// An address with a port, else a path.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.parse().map_or_else(|_| Self::Unix(PathBuf::from(text)), Self::Tcp))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => path.display().fmt(f),
            Self::Tcp(address) => address.fmt(f),
        }
    }
}

impl Endpoint {
    pub(super) fn connect(&self) -> io::Result<Stream> {
        match self {
            Self::Unix(path) => UnixStream::connect(path).map(Stream::Unix),
            Self::Tcp(address) => {
                TcpStream::connect_timeout(address, Duration::from_secs(5)).map(Stream::Tcp)
            }
        }
    }
}

/// A listening socket.
#[derive(Debug, Clone)]
pub(super) struct Listener {
    socket: Arc<Socket>,
    endpoint: Endpoint,
}

#[derive(Debug)]
enum Socket {
    Unix(UnixListener),
    Tcp(TcpListener),
}

impl Listener {
    pub(super) fn bind(endpoint: &Endpoint, mode: u32) -> io::Result<Self> {
        match endpoint {
            Endpoint::Unix(path) => {
                remove_stale(path)?;
                let socket = UnixListener::bind(path)?;
                fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
                Ok(Self { socket: Arc::new(Socket::Unix(socket)), endpoint: endpoint.clone() })
            }
            Endpoint::Tcp(address) => {
                let socket = TcpListener::bind(address)?;
                let endpoint = Endpoint::Tcp(socket.local_addr()?);
                Ok(Self { socket: Arc::new(Socket::Tcp(socket)), endpoint })
            }
        }
    }

    /// Where it listens: with the port that the system chose, if it was left to it.
    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The next connection, and who it is from, where that is known.
    pub(super) fn accept(&self) -> io::Result<(Stream, Option<IpAddr>)> {
        match &*self.socket {
            Socket::Unix(socket) => socket.accept().map(|(stream, _)| (Stream::Unix(stream), None)),
            Socket::Tcp(socket) => {
                let (stream, address) = socket.accept()?;
                // Answers are small, and waited for.
                stream.set_nodelay(true)?;
                Ok((Stream::Tcp(stream), Some(address.ip())))
            }
        }
    }

    /// Makes a waiting `accept` return.
    pub(super) fn wake(&self) {
        let mut endpoint = self.endpoint.clone();
        if let Endpoint::Tcp(address) = &mut endpoint
            && address.ip().is_unspecified()
        {
            let v4 = address.is_ipv4();
            address.set_ip(if v4 { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
        }
        // If it cannot be reached, nothing waits in it.
        let _ = endpoint.connect();
    }

    /// Takes the name of the socket away, so that nobody connects any more.
    pub(super) fn close(self) {
        if let Endpoint::Unix(path) = &self.endpoint {
            let _ = fs::remove_file(path);
        }
    }
}

/// A socket that a killed server left behind is removed; one that is in use, or another file, is not.
fn remove_stale(path: &Path) -> io::Result<()> {
    let Ok(data) = fs::symlink_metadata(path) else { return Ok(()) };
    if !data.file_type().is_socket() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is a file of that name"));
    }
    match UnixStream::connect(path) {
        Err(err) if err.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
        Err(err) => Err(err),
        Ok(_) => Err(io::Error::new(io::ErrorKind::AddrInUse, "a server listens there")),
    }
}

/// A connection.
#[derive(Debug)]
pub(super) enum Stream {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Stream {
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        match self {
            Self::Unix(stream) => stream.try_clone().map(Self::Unix),
            Self::Tcp(stream) => stream.try_clone().map(Self::Tcp),
        }
    }

    pub(super) fn set_read_timeout(&self, timeout: Duration) -> io::Result<()> {
        // Zero would mean for ever.
        let timeout = Some(timeout.max(Duration::from_millis(1)));
        match self {
            Self::Unix(stream) => stream.set_read_timeout(timeout),
            Self::Tcp(stream) => stream.set_read_timeout(timeout),
        }
    }

    pub(super) fn set_write_timeout(&self, timeout: Duration) -> io::Result<()> {
        match self {
            Self::Unix(stream) => stream.set_write_timeout(Some(timeout)),
            Self::Tcp(stream) => stream.set_write_timeout(Some(timeout)),
        }
    }

    /// What has come can still be read; behind it is the end.
    pub(super) fn shutdown_reading(&self) {
        // It fails where the other side has gone, which is as good.
        let _ = match self {
            Self::Unix(stream) => stream.shutdown(Shutdown::Read),
            Self::Tcp(stream) => stream.shutdown(Shutdown::Read),
        };
    }
}

impl Read for &Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Unix(stream) => (&mut &*stream).read(buffer),
            Stream::Tcp(stream) => (&mut &*stream).read(buffer),
        }
    }
}

impl Write for &Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Unix(stream) => (&mut &*stream).write(bytes),
            Stream::Tcp(stream) => (&mut &*stream).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_told_apart() {
        for (text, tcp) in
            [("127.0.0.1:25", true), ("[::1]:25", true), ("/run/a.sock", false), ("a:25", false)]
        {
            let endpoint: Endpoint = text.parse().unwrap();
            assert_eq!(matches!(endpoint, Endpoint::Tcp(_)), tcp, "{text}");
            assert_eq!(endpoint.to_string(), text);
        }
    }

    #[test]
    fn a_stale_socket_is_replaced_but_no_other_file_and_no_server() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.sock");
        let endpoint = Endpoint::Unix(path.clone());
        let first = Listener::bind(&endpoint, 0o600).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Listener::bind(&endpoint, 0o600).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        // Its name stays behind, as after a kill.
        drop(first);
        Listener::bind(&endpoint, 0o600).unwrap().close();
        assert!(!path.exists());
        fs::write(&path, "precious").unwrap();
        assert!(Listener::bind(&endpoint, 0o600).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    }
}
