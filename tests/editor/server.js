// The YAML language server that editors start, over its standard streams: JSON-RPC with a header of its length.
// https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/

import {spawn} from "node:child_process";

// No catalogue of schemas is asked for over the network; the rest is as editors have it.
const SETTINGS = {yaml: {schemaStore: {enable: false}, validate: true, completion: true, hover: true}};

export class Server {
  #process;
  #received = Buffer.alloc(0);
  #answers = new Map();
  #diagnostics = new Map();
  #count = 0;

  static async start(folder) {
    const server = new Server();
    const program = new URL("node_modules/yaml-language-server/bin/yaml-language-server", import.meta.url).pathname;
    server.#process = spawn(process.execPath, [program, "--stdio"], {stdio: ["pipe", "pipe", "inherit"]});
    server.#process.stdout.on("data", data => server.#read(data));
    const capabilities = {
      workspace: {configuration: true},
      textDocument: {completion: {completionItem: {snippetSupport: true}}, publishDiagnostics: {}},
    };
    await server.request("initialize", {processId: process.pid, rootUri: folder, capabilities});
    server.notify("initialized", {});
    server.notify("workspace/didChangeConfiguration", {settings: SETTINGS});
    return server;
  }

  stop() {
    this.#process.kill();
  }

  request(method, params) {
    const id = ++this.#count;
    this.#send({id, method, params});
    return new Promise((resolve, reject) => this.#answers.set(id, {resolve, reject}));
  }

  notify(method, params) {
    this.#send({method, params});
  }

  // Opens a text as if it stood at `uri`, and returns what the server finds wrong with it.
  diagnose(uri, text) {
    const found = new Promise(resolve => this.#diagnostics.set(uri, resolve));
    this.notify("textDocument/didOpen", {textDocument: {uri, languageId: "yaml", version: 1, text}});
    return found;
  }

  // Labels that are offered at a position, both numbers from 0.
  async complete(uri, line, character) {
    const answer = await this.request("textDocument/completion", {textDocument: {uri}, position: {line, character}});
    return (answer.items ?? answer).map(item => item.label);
  }

  async hover(uri, line, character) {
    const answer = await this.request("textDocument/hover", {textDocument: {uri}, position: {line, character}});
    return answer?.contents?.value ?? "";
  }

  close(uri) {
    this.#diagnostics.delete(uri);
    this.notify("textDocument/didClose", {textDocument: {uri}});
  }

  #send(message) {
    const body = JSON.stringify({jsonrpc: "2.0", ...message});
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(data) {
    this.#received = Buffer.concat([this.#received, data]);
    for (;;) {
      const head = this.#received.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.toString("latin1", 0, head))[1]);
      const end = head + 4 + length;
      if (this.#received.length < end) return;
      const message = JSON.parse(this.#received.toString("utf8", head + 4, end));
      this.#received = this.#received.subarray(end);
      this.#take(message);
    }
  }

  #take(message) {
    if (message.method === "textDocument/publishDiagnostics") {
      this.#diagnostics.get(message.params.uri)?.(message.params.diagnostics);
    } else if (message.method === "workspace/configuration") {
      const result = message.params.items.map(item => SETTINGS[item.section] ?? null);
      this.#send({id: message.id, result});
    } else if (message.method && message.id !== undefined) {
      this.#send({id: message.id, result: null});
    } else if (message.id !== undefined) {
      const {resolve, reject} = this.#answers.get(message.id);
      this.#answers.delete(message.id);
      message.error ? reject(new Error(message.error.message)) : resolve(message.result);
    }
  }
}
