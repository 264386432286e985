//! scratch
fn main() {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap();
        let (network, p) = twin_sim::epanet::read(&text, &path);
        let Some(n) = network else { println!("{p:?}"); continue };
        for r in twin_sim::epanet::engine::Engine::new(&n).run() {
            println!("{} {:?} {:?} {:?}", r.time_s, r.solution, r.head_m.iter().map(|h| h / 0.3048).collect::<Vec<_>>(), r.flow_m3_s.iter().map(|h| h / 0.028316846592).collect::<Vec<_>>());
        }
    }
}
