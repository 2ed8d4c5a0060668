// Asks the readers of AsyncAPI, Mermaid and DOT what they think of emitted documents, and prints what they
// refuse, a line each.
//
// usage: documents.mjs MODULES FOLDER…, the folder with the readers and those that `specql-lsp emit` wrote to

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, ...folders] = process.argv.slice(2);
const require = createRequire(pathToFileURL(join(modules, 'package.json')));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

const { JSDOM } = require('jsdom');
// Mermaid cleans labels in a document.
const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document });

const { Parser } = require('@asyncapi/parser');
const mermaid = (await import(pathToFileURL(join(modules, 'node_modules/mermaid/dist/mermaid.core.mjs')).href)).default;
const { Graphviz } = await load('@hpcc-js/wasm-graphviz');

const parser = new Parser();
const graphviz = await Graphviz.load();
const fault = (folder, text) => console.log(`FAULT ${folder}: ${text}`);

async function asyncapi(folder) {
  const { document, diagnostics } = await parser.parse(readFileSync(join(folder, 'asyncapi.json'), 'utf8'));
  for (const it of diagnostics.filter((it) => it.severity === 0)) {
    fault(folder, `asyncapi.json: ${it.path.join('.')}: ${it.message}`);
  }
  const { topics } = JSON.parse(readFileSync(join(folder, 'kafka-topics.json'), 'utf8'));
  const wanted = topics.filter((it) => it.role === 'events');
  for (const topic of wanted) {
    const channel = document?.channels().all().find((it) => it.address() === topic.name);
    const messages = channel?.messages().all().map((it) => it.title()).sort();
    const events = topic.events.map((it) => `${it.type} version ${it.version}`).sort();
    if (JSON.stringify(messages) !== JSON.stringify(events)) {
      fault(folder, `asyncapi.json: ${topic.name} has ${messages}, and ${events} are published`);
    }
  }
  return wanted.length;
}

async function graphs(folder) {
  const page = readFileSync(join(folder, 'event-flow.md'), 'utf8');
  const [, text] = page.split('```mermaid\n');
  await mermaid.parse(text.split('```')[0]).catch((error) => fault(folder, `event-flow.md: ${error}`));
  const dot = readFileSync(join(folder, 'event-flow.dot'), 'utf8');
  try {
    // Both have the same nodes and edges.
    const laid = graphviz.dot(dot, 'plain').split('\n');
    const count = (lines, test) => lines.filter((it) => test.test(it)).length;
    const lines = text.split('\n');
    const both = [
      [count(laid, /^node /), count(lines, /^ {2}n\d+[[(>]/)],
      [count(laid, /^edge /), count(lines, /^ {2}n\d+ -/)],
    ];
    if (both.some(([left, right]) => left !== right || left === 0)) {
      fault(folder, `event-flow: the two graphs differ: ${JSON.stringify(both)}`);
    }
  } catch (error) {
    fault(folder, `event-flow.dot: ${error}`);
  }
}

for (const folder of folders) {
  if ((await asyncapi(folder)) === 0) fault(folder, 'no channel was seen');
  await graphs(folder);
}
console.log('read');
