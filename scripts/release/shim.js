#!/usr/bin/env node
// Starts the binary of this platform, which a package of its own brings, as if it had been started itself.
"use strict";

const { spawn } = require("node:child_process");

const name = `specql-lsp-${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "specql-lsp.exe" : "specql-lsp";

let binary;
try {
  binary = require.resolve(`${name}/bin/${file}`);
} catch {
  console.error(`error: the package ${name} is missing: there is none for this platform, or npm left out optional packages`);
  process.exit(2);
}

const child = spawn(binary, process.argv.slice(2), { stdio: "inherit" });
// Ctrl-C goes to both: the binary decides how to end.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`error: cannot start ${binary}: ${error.message}`);
  process.exit(2);
});
child.on("exit", (code, signal) => process.exit(signal ? 1 : code));
