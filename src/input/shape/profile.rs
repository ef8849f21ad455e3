//! Traffic of profiles.

use super::value_kind::{CLIENT, COUNT, DURATION, END, FAMILY, ICMP, PORT, PROFILE, RATE, TEXT};
use super::{KeyRule, Shape, optional, required, value, values};

pub(in crate::input) static PROFILED: Shape = Shape {
    name: "traffic",
    owner: "a traffic",
    doc: "Connections of a profile, drawn by chance: who has them with whom. The same seed gives the same ones.",
    keys: &[&[
        required("profile", value(&PROFILE), "What is imitated."),
        optional("name", value(&TEXT), "What it is called; what is drawn depends on it.", "As the profile."),
        required("from", values(&END), "The clients. `internet` stands for many public addresses."),
        required("to", values(&END), "The servers. `internet` stands for many public addresses."),
        optional("tcp", values(&PORT), "TCP to these ports, any of them.", "Those of the profile."),
        optional("udp", values(&PORT), "UDP to these ports, any of them.", "Those of the profile."),
        optional("icmp", values(&ICMP), "ICMP of these types, any of them: one packet.", "None."),
        optional(
            "rate",
            value(&RATE),
            "How many connections begin on average, of all clients together.",
            "That of the profile.",
        ),
        optional(
            "every",
            value(&DURATION),
            "How often each client begins with each server, instead of by chance.",
            "That of the profile.",
        ),
        optional("seed", value(&COUNT), "Another seed gives other traffic of the same kind.", "0."),
        optional("at", value(&DURATION), "When it begins, from the scenario's start.", "0s."),
        optional(
            "until",
            value(&DURATION),
            "When no connection begins any more, from the scenario's start.",
            "The end of `duration`.",
        ),
        optional(
            "client",
            value(&CLIENT),
            "The kind of client, which says what its ephemeral ports are.",
            "That of the profile.",
        ),
        optional(
            "addresses",
            value(&COUNT),
            "How many addresses `internet` stands for.",
            "As many as the profile says.",
        ),
        optional("family", value(&FAMILY), "The address family.", "IPv4 where both ends have it."),
        optional("request_bytes", value(&COUNT), "The median payload of a request.", "That of the profile."),
        optional(
            "response_bytes",
            value(&COUNT),
            "The median payload of a response.",
            "That of the profile.",
        ),
        optional(
            "lasts",
            value(&DURATION),
            "The median time from the opening of a TCP connection to its close.",
            "That of the profile.",
        ),
    ]],
    rules: &[KeyRule::Excludes("every", &["rate"])],
    open: false,
};
