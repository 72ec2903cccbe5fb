#![allow(unsafe_code, static_mut_refs, clippy::all, clippy::print_stdout, clippy::unwrap_used)]
//! experiments
use rayon::prelude::*;
use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
};
use undue::model::Output;
use undue_training::{example::Example, fit::*, *};

fn main() -> anyhow::Result<()> {
    let t = std::time::Instant::now();
    let arg = |name: &str, default: f64| {
        std::env::args()
            .find_map(|a| a.strip_prefix(&format!("{name}=")).map(|v| v.parse().unwrap()))
            .unwrap_or(default)
    };
    let dir = Path::new("/work/shared/corpora");
    let corpora = corpus::read_all(dir, false)?;
    let xz = corpus::read_all(dir, true)?;
    eprintln!("read {:?}", t.elapsed());
    let mut rows = vec![];
    for n in ["round1", "round2", "round3"] {
        rows.extend(labels::read(Path::new(&format!("datasets/labels/{n}.csv")))?);
    }
    let (mut examples, missing) = example::join(rows, &corpora);
    let n_real = examples.len();
    let authored = example::read_authored(Path::new("/work/scratch/authored/out"))?;
    if arg("authored", 0.5) > 0.0 {
        examples.extend(authored);
    }
    let (xzex, _) = example::join(labels::read(Path::new("datasets/labels/xz-replay.a.csv"))?, &xz);
    eprintln!(
        "{} examples, {} authored, {} missing, {:?}",
        n_real,
        examples.len() - n_real,
        missing.len(),
        t.elapsed()
    );
    let refs: Vec<&Example> = examples.iter().collect();
    let vocab = vocabulary::select(&refs, &corpora, arg("min", 3.0) as u32)?;
    eprintln!("vocab {} words {} pairs {:?}", vocab.words().len(), vocab.pairs().len(), t.elapsed());
    let mut prepared = prepare(&refs, &vocab);
    let xzrefs: Vec<&Example> = xzex.iter().collect();
    let mut xzprep = prepare(&xzrefs, &vocab);
    let settings = Settings {
        l2: arg("l2", 1.0),
        positive: arg("pos", 1.0),
        authored: arg("authored", 0.5),
        sentences: arg("sent", 0.2),
        rounds: arg("rounds", 2.0) as usize,
        doc: arg("doc", 1.0),
        sent_norm: arg("sn", 0.0),
    };
    let sources: BTreeSet<&str> = examples[..n_real].iter().map(|e| e.source.as_str()).collect();
    let k = 6;
    let fold_of: HashMap<&str, usize> = sources.iter().enumerate().map(|(i, s)| (*s, i % k)).collect();
    let outputs: Vec<Output> = if arg("few", 0.0) > 0.0 {
        Output::all().filter(|o| ["takeover", "guilt", "pressure"].contains(&o.name())).collect()
    } else {
        Output::all().collect()
    };
    let jobs: Vec<(usize, Output)> = (0..=k).flat_map(|f| outputs.iter().map(move |o| (f, *o))).collect();
    let results: Vec<Vec<(usize, f64)>> = jobs
        .par_iter()
        .map(|&(f, o)| {
            let part: Vec<usize> = (0..refs.len())
                .filter(|&i| i >= n_real || f == k || fold_of[refs[i].source.as_str()] != f)
                .collect();
            let w = fit_output(o, &refs, &prepared, &part, vocab.len(), &settings).unwrap();
            if f == k {
                (0..xzrefs.len())
                    .map(|i| (i, w.message(&xzprep.sentences[i], &xzprep.documents[i])))
                    .collect()
            } else {
                (0..n_real)
                    .filter(|&i| fold_of[refs[i].source.as_str()] == f)
                    .map(|i| (i, w.message(&prepared.sentences[i], &prepared.documents[i])))
                    .collect()
            }
        })
        .collect();
    for o in &outputs {
        let mut s = vec![0.0; n_real];
        let mut x = vec![0.0; xzrefs.len()];
        for (job, r) in jobs.iter().zip(&results) {
            if job.1 == *o {
                for &(i, v) in r {
                    if job.0 == k { x[i] = v } else { s[i] = v }
                }
            }
        }
        let y: Vec<bool> = (0..n_real).map(|i| refs[i].is(*o)).collect();
        let ap = metrics::average_precision(&s, &y);
        let yx: Vec<bool> = xzrefs.iter().map(|e| e.is(*o)).collect();
        let mut ord: Vec<usize> = (0..x.len()).collect();
        ord.sort_by(|a, b| x[*b].total_cmp(&x[*a]));
        let ranks: Vec<usize> = ord.iter().enumerate().filter(|(_, i)| yx[**i]).map(|(r, _)| r + 1).collect();
        println!(
            "{:18} cv AP {:.3} (n {})  xz AP {:.3} ranks {:?}",
            o.name(),
            ap,
            y.iter().filter(|b| **b).count(),
            metrics::average_precision(&x, &yx),
            ranks
        );
    }
    eprintln!("{:?}", t.elapsed());
    Ok(())
}
