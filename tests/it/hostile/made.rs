//! Input that is too large to keep: made when it is needed.

use std::fs;

use super::{flowcast, many};

/// Bytes of a file, and how reading it ends.
struct Made {
    file: &'static str,
    bytes: fn() -> Vec<u8>,
    exit: i32,
}

/// So many MiB, as [`many`] has it.
fn mib(number: usize) -> usize {
    many(number << 20)
}

const VPC: &str = "vpcs: [{name: lab, cidr_block: 10.0.0.0/16}]\n";

/// A VPC, and something after it.
fn with_vpc(rest: impl AsRef<[u8]>) -> Vec<u8> {
    [VPC.as_bytes(), rest.as_ref()].concat()
}

/// Two instances besides.
fn with_instances(rest: &str) -> Vec<u8> {
    let before = "subnets: [{name: a, cidr_block: 10.0.0.0/16}]\ninstances: [{name: x, subnet: a}, {name: y, subnet: a}]\n";
    with_vpc(format!("{before}{rest}"))
}

/// A line for each number, in a section.
fn lines(section: &str, count: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    with_vpc((0..count).fold(format!("{section}\n"), |text, number| text + &line(number) + "\n"))
}

const fn invalid(file: &'static str, bytes: fn() -> Vec<u8>) -> Made {
    Made { file, bytes, exit: 3 }
}

const fn valid(file: &'static str, bytes: fn() -> Vec<u8>) -> Made {
    Made { file, bytes, exit: 0 }
}

static MADE: &[Made] = &[
    // Size and depth.
    invalid("brackets.yaml", || vec![b'['; mib(32)]),
    invalid("braces.yaml", || vec![b'{'; mib(32)]),
    invalid("pairs-of-brackets.yaml", || b"[]".repeat(mib(16))),
    invalid("keys-in-keys.yaml", || b"{a: ".repeat(mib(8))),
    invalid("dashes.yaml", || b"- ".repeat(mib(16))),
    invalid("question-marks.yaml", || b"? ".repeat(mib(16))),
    invalid("empty-lists.yaml", || with_vpc([&b"proves: ["[..], &b"[],".repeat(mib(5))].concat())),
    invalid("line.yaml", || with_vpc([&b"scenario: "[..], &vec![b'x'; mib(60)], b"]: ["].concat())),
    invalid("key.yaml", || with_vpc([&vec![b'x'; mib(60)][..], b": 1\n"].concat())),
    invalid("lines.yaml", || vec![b'\n'; mib(60)]),
    invalid("lines-and-a-word.yaml", || [&vec![b'\n'; mib(30)][..], b"a"].concat()),
    invalid("unknown-key-and-lines.yaml", || with_vpc([&b"bad: 1"[..], &vec![b'\n'; mib(30)]].concat())),
    invalid("comments.yaml", || b"# x\n".repeat(mib(15))),
    invalid("nothing-but-nul.yaml", || vec![0; mib(60)]),
    invalid("no-text.yaml", || vec![0xff; mib(60)]),
    Made { file: "too-large.yaml", bytes: || vec![b'#'; 65 << 20], exit: 4 },
    // Numbers of things.
    invalid("items.yaml", || {
        with_vpc([&b"security_groups: ["[..], &b"x,".repeat(many(1_000_000)), b"]"].concat())
    }),
    valid("proofs.yaml", || with_vpc([&b"proves: ["[..], &b"x,".repeat(many(1_000_000)), b"]"].concat())),
    valid("subnets.yaml", || {
        // As many as a VPC of this size has room for, in twenty VPCs.
        let vpcs = (0..20).map(|vpc| format!("- {{name: v{vpc}, cidr_block: 10.{vpc}.0.0/16}}\n"));
        let subnets = (0..many(80_000)).map(|number| {
            let (vpc, block, host) = (number / 4096, number / 16 % 256, number % 16 * 16);
            format!("- {{name: s{number}, vpc: v{vpc}, cidr_block: 10.{vpc}.{block}.{host}/28}}\n")
        });
        format!("vpcs:\n{}subnets:\n{}", vpcs.collect::<String>(), subnets.collect::<String>()).into_bytes()
    }),
    invalid("list.yaml", || [&b"["[..], &b"1,".repeat(many(1_000_000)), b"]"].concat()),
    invalid("unknown-keys.yaml", || lines("", many(100_000), |number| format!("key{number}: 1"))),
    invalid("one-key.yaml", || lines("", many(100_000), |_| "scenario: a".to_owned())),
    invalid("expectations.yaml", || {
        lines("expect:", many(100_000), |number| format!("  key{number}: connected"))
    }),
    invalid("one-name.yaml", || lines("security_groups:", many(100_000), |_| "- {name: s}".to_owned())),
    invalid("dangling-rules.yaml", || {
        lines("security_groups:\n- name: s\n  ingress:", many(100_000), |number| {
            format!("  - allow all from x{number}")
        })
    }),
    invalid("dangling-ends.yaml", || {
        lines("connections:", many(50_000), |number| {
            format!("- {{name: c{number}, from: x{number}, to: y, tcp: 1}}")
        })
    }),
    invalid("acl.yaml", || {
        lines("network_acls:\n- name: a\n  ingress:", many(100_000), |_| {
            "  - 1 allow all from 0.0.0.0/0".to_owned()
        })
    }),
    invalid("routes.yaml", || {
        lines("route_tables:\n- name: r\n  routes:", many(100_000), |number| {
            format!("  - 11.{}.{}.0/32 -> x", number / 256, number % 256)
        })
    }),
    invalid("flow-logs.yaml", || lines("flow_logs:", many(50_000), |_| "- {resource: lab}".to_owned())),
    invalid("format.yaml", || {
        with_vpc(format!("flow_logs: [{{resource: lab, log_format: '{}'}}]", "x".repeat(mib(5))))
    }),
    // What it asks for.
    invalid("a-year.yaml", || with_instances("duration: 366d\n")),
    invalid("a-packet-each-minute.yaml", || {
        with_instances(
            "connections: [{name: c, from: x, to: y, tcp: 1,\n  bursts: [{leg: request, at: 0s, until: 366d, packets: 1000000000000000, bytes: 1000000000000000}]}]\n",
        )
    }),
    invalid("pings.yaml", || {
        with_instances("connections: [{name: c, from: x, to: y, icmp: 8, count: 1000000000000000}]\n")
    }),
    invalid("losses.yaml", || {
        let more =
            (0..14).map(|number| format!("  - {{name: spare-{number}, subnet: a}}\n")).collect::<String>();
        let lost = "1s,".repeat(many(600_000));
        with_instances(&format!(
            "network_interfaces:\n{more}flow_logs: [{{resource: lab, skipdata: [{lost}]}}]\n"
        ))
    }),
    // Aliases.
    invalid("aliases-in-aliases.yaml", || {
        let level =
            |of: char, under: char| format!("{under}: &{under} [{}]\n", format!("*{of}, ").repeat(10));
        let first = format!("a: &a [{}]\n", "x, ".repeat(10));
        ('a'..'y').zip('b'..='y').fold(first, |text, (of, under)| text + &level(of, under)).into_bytes()
    }),
    invalid("text-aliases.yaml", || {
        with_vpc(format!("scenario: &a {}\nproves: [{}]\n", "x".repeat(1 << 20), "*a,".repeat(9999)))
    }),
    invalid("list-aliases.yaml", || {
        format!("a: &a [{}]\nb: [{}]\n", "x,".repeat(9000), "*a,".repeat(9999)).into_bytes()
    }),
    invalid("anchors.yaml", || [&b"["[..], &b"&a x,".repeat(many(1_000_000)), b"]"].concat()),
    invalid("an-alias-in-itself.yaml", || with_vpc("scenario: &a [*a]\n")),
    // JSON.
    invalid("lists.json", || {
        [&b"{\"Vpcs\": "[..], &vec![b'['; 200_000], &vec![b']'; 200_000], b"}"].concat()
    }),
    invalid("open-lists.json", || [&b"{\"Vpcs\": "[..], &vec![b'['; mib(32)]].concat()),
    invalid("objects.json", || {
        [b"{\"a\":".repeat(many(200_000)), b"1".to_vec(), b"}".repeat(many(200_000))].concat()
    }),
    invalid("objects-in-a-vpc.json", || {
        [
            &b"{\"Vpcs\": [{\"VpcId\": "[..],
            &b"{\"a\":".repeat(many(200_000)),
            b"1",
            &b"}".repeat(many(200_000)),
            b"}]}",
        ]
        .concat()
    }),
    invalid("numbers.json", || format!("{{\"Vpcs\": [{}1]}}", "1,".repeat(many(1_000_000))).into_bytes()),
    invalid("objects-without-id.json", || {
        format!("{{\"Subnets\": [{}{{}}]}}", "{},".repeat(many(500_000))).into_bytes()
    }),
    invalid("keys.json", || {
        let keys: Vec<String> = (0..many(500_000)).map(|number| format!("\"key{number}\": 1")).collect();
        format!("{{{}}}", keys.join(",")).into_bytes()
    }),
    invalid("wrappers.json", || {
        [b"{\"data\":".repeat(many(200_000)), b"1".to_vec(), b"}".repeat(many(200_000))].concat()
    }),
    invalid("one-key.json", || {
        format!("{{{}\"Vpcs\": [1]}}", "\"Vpcs\": [1],".repeat(many(100_000))).into_bytes()
    }),
    invalid("one-vpc.json", || {
        let vpc = |block: usize| {
            format!("{{\"VpcId\": \"vpc-0a1b2c3d4e5f60718\", \"CidrBlock\": \"10.{block}.0.0/16\"}}")
        };
        let vpcs: Vec<String> = (0..many(100_000)).map(|number| vpc(number % 256)).collect();
        format!("{{\"Vpcs\": [{}]}}", vpcs.join(",")).into_bytes()
    }),
    invalid("text.json", || {
        format!("{{\"Vpcs\": [{{\"VpcId\": [\"{}\"]}}]}}", "x".repeat(mib(60))).into_bytes()
    }),
    invalid("escapes.json", || {
        format!("{{\"Vpcs\": [{{\"VpcId\": [\"{}\"]}}]}}", "\\u0041".repeat(mib(8))).into_bytes()
    }),
    invalid("digits.json", || format!("{{\"Vpcs\": [{}]}}", "1".repeat(mib(16))).into_bytes()),
    invalid("blanks.json", || vec![b' '; mib(60)]),
    invalid("no-text.json", || [&b"{\"Vpcs\": \""[..], &vec![0xff; mib(30)]].concat()),
];

#[test]
fn large_input_ends_in_time_and_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    for Made { file, bytes, exit } in MADE {
        let path = folder.path().join(file);
        fs::write(&path, bytes()).unwrap();
        let ended = flowcast(&["run", path.to_str().unwrap()]);
        if *exit == 0 {
            assert_eq!(
                ended.code,
                Some(0),
                "{file}: {}",
                ended.stderr.chars().take(4000).collect::<String>()
            );
        } else {
            ended.refused(*exit, file);
        }
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn line_ends_marks_and_the_order_of_bytes_change_no_meaning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.yaml");
    let ping = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/ping.yaml")).unwrap();
    let run = |text: &str| {
        fs::write(&path, text).unwrap();
        flowcast(&["run", path.to_str().unwrap()])
    };
    let plain = run(&ping);
    assert_eq!((plain.code, plain.stdout.lines().count()), (Some(0), 2));
    for same in [
        ping.replace('\n', "\r\n"),
        format!("\u{feff}{ping}"),
        format!("\u{feff}{}", ping.replace('\n', "\r\n")),
    ] {
        let ended = run(&same);
        assert_eq!((ended.code, &ended.stdout), (Some(0), &plain.stdout), "{}", ended.stderr);
    }
}
