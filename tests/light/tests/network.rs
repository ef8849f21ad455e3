use flowcast::{Scenario, assert_golden};

#[test]
fn the_network_does_what_we_said() {
    let scenario = Scenario::load("tests/network.yaml").unwrap_or_else(|error| panic!("{error}"));
    let report = scenario.run();
    assert_eq!(report.failures(), []); // the file's own `expect`
    assert_golden("tests/network.log", &report.to_string()); // every record, byte for byte
}
