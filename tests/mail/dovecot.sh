# Delivery by Dovecot with Pigeonhole, as the user "nobody", with a configuration of our own.

[ "$(id -u)" -eq 0 ] || { echo "switching to another user needs root"; exit 77; }

# Delivers a mail by the Sieve script $work/active.sieve with the settings of $work/plugin.conf.
deliver() {
    cat > "$work/dovecot.conf" <<CONF
base_dir = $work/run
state_dir = $work/run
mail_location = maildir:$work/mail
log_path = $work/dovecot.log
ssl = no
protocol lda {
  mail_plugins = sieve
  postmaster_address = postmaster@tarn.example
}
lda_mailbox_autocreate = yes
import_environment = PATH=$PATH
plugin {
  sieve = file:$work/active.sieve
}
$(cat "$work/plugin.conf")
CONF
    chown -R nobody "$work"
    env HOME="$work" USER=nobody PATH="$PATH" setpriv --reuid nobody --regid nogroup --clear-groups \
        /usr/lib/dovecot/dovecot-lda -c "$work/dovecot.conf" -f x@tarn.example < "${2:-$here}/$1.eml" || {
        cat "$work/dovecot.log"
        return 1
    }
}
