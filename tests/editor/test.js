// What an editor shows of scenarios: nothing where all is well, the right line where it is not, and the keys that a
// mapping may have.

import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {dirname, relative} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

import {Server} from "./server.js";

const SCENARIOS = fileURLToPath(new URL("../../scenarios/", import.meta.url));
const SCHEMA = `${SCENARIOS}scenario.schema.json`;
const MODELINE = "# yaml-language-server: $schema=";

const schema = JSON.parse(readFileSync(SCHEMA, "utf8"));

// The text of a scenario with the line that names the schema, whether the file has it or not.
function scenario(path) {
  const text = readFileSync(path, "utf8");
  return text.startsWith(MODELINE) ? text : `${MODELINE}${relative(dirname(path), SCHEMA)}\n${text}`;
}

// The number of the line that has `mark`, from 0, and where it stands in it.
function position(text, mark) {
  const lines = text.split("\n");
  const line = lines.findIndex(line => line.includes(mark));
  assert(line >= 0, `no line has ${mark}`);
  return [line, lines[line].indexOf(mark)];
}

const tests = {
  async "scenarios have no problems, and an unknown key is one"(server) {
    const files = readdirSync(SCENARIOS, {recursive: true}).filter(name => name.endsWith(".yaml"));
    assert(files.length > 20);
    await Promise.all(files.map(async name => {
      const uri = pathToFileURL(SCENARIOS + name).href;
      const text = scenario(SCENARIOS + name);
      assert.deepEqual(await server.diagnose(uri, text), [], name);
      server.close(uri);
      const found = await server.diagnose(`${uri}.yaml`, `${text}\nzebra: 1\n`);
      assert.deepEqual(found.map(problem => problem.message), ["Property zebra is not allowed."], name);
      server.close(`${uri}.yaml`);
    }));
  },

  async "wrong values and unknown keys are marked where they stand"(server) {
    const uri = pathToFileURL(`${SCENARIOS}wrong.yaml`).href;
    const text = `${MODELINE}scenario.schema.json
vpcs:
  - {name: lab, cidr_block: 10.0.0.0/16}
subnets:
  - name: apps
    cidr_blok: 10.0.0.0/24
instances:
  - name: web
    subnet: apps
    closed_ports: explode
flow_logs:
  - {resource: web, traffic_type: SOME}
connections:
  - {name: query, from: web, to: internet, tcp: 99999}
`;
    const found = await server.diagnose(uri, text);
    const lines = [...new Set(found.map(problem => problem.range.start.line))].sort((a, b) => a - b);
    const marked = ["cidr_blok", "explode", "SOME", "99999"].map(mark => position(text, mark)[0]);
    // The subnet lacks the key that is misspelt: that is marked at its first line.
    assert.deepEqual(lines, [position(text, "name: apps")[0], ...marked], JSON.stringify(found, null, 1));
    const messages = line => found.filter(problem => problem.range.start.line === line).map(problem => problem.message);
    assert(messages(marked[0]).some(message => message.includes("cidr_blok")), messages(marked[0]));
    assert(messages(marked[1]).some(message => message.includes("refuse")), messages(marked[1]));
    assert(messages(marked[2]).some(message => message.includes("REJECT")), messages(marked[2]));
    server.close(uri);
  },

  async "the keys of a subnet are offered"(server) {
    const uri = pathToFileURL(`${SCENARIOS}subnet.yaml`).href;
    const text = `${MODELINE}scenario.schema.json
vpcs:
  - {name: lab, cidr_block: 10.0.0.0/16}
subnets:
  - name: apps
    
`;
    await server.diagnose(uri, text);
    const offered = await server.complete(uri, 5, 4);
    const keys = Object.keys(schema.$defs.subnet.properties).filter(key => key !== "name");
    assert.deepEqual(offered.filter(label => keys.includes(label)).sort(), keys.sort(), offered.join());
    server.close(uri);
  },

  async "names are offered, and keys are explained"(server) {
    const uri = pathToFileURL(`${SCENARIOS}names.yaml`).href;
    const text = `${MODELINE}scenario.schema.json
vpcs:
  - {name: lab, cidr_block: 10.0.0.0/16}
expect:
  query:
    outcome: 
`;
    await server.diagnose(uri, text);
    const offered = await server.complete(uri, 5, 13);
    for (const name of schema.$defs.outcome.enum) assert(offered.includes(name), offered.join());
    const [line, character] = position(text, "outcome");
    const told = await server.hover(uri, line, character + 1);
    assert(told.includes("How it ends"), told);
    server.close(uri);
  },
};

const server = await Server.start(pathToFileURL(SCENARIOS).href);
const limit = setTimeout(() => {
  console.error("the language server does not answer");
  process.exit(1);
}, 50_000);
try {
  for (const [name, test] of Object.entries(tests)) {
    await test(server);
    console.log(`ok  ${name}`);
  }
} finally {
  clearTimeout(limit);
  server.stop();
}
