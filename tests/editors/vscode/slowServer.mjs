#!/usr/bin/env node
// A server between the editor and the real one, whose name is the first argument: what a preview is asked for
// comes late, so that a test can do something meanwhile. Nothing else is held up.

import { spawn } from 'node:child_process';

const LATE = 1500; // milliseconds
const HELD = new Set(['specql/sourceMap', 'workspace/textDocumentContent']);

const [real, ...words] = process.argv.slice(2);
const child = spawn(real, words, { stdio: ['pipe', 'pipe', 'inherit'] });
child.on('exit', (code) => process.exit(code ?? 1));

/** Ids of requests whose answers are late. */
const held = new Set();
process.stdin.on('data', messages(child.stdin, ({ id, method }) => {
  if (HELD.has(method)) held.add(id);
  return 0;
}));
process.stdin.on('end', () => child.stdin.end());
child.stdout.on('data', messages(process.stdout, ({ id, method }) => {
  return method === undefined && held.delete(id) ? LATE : 0;
}));

/** Hands whole messages on, each after the delay that `look` gives. */
function messages(target, look) {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      const length = end < 0 ? undefined : /Content-Length: (\d+)/i.exec(rest.subarray(0, end).toString())?.[1];
      const whole = end + 4 + Number(length);
      if (length === undefined || rest.length < whole) return;
      const message = rest.subarray(0, whole);
      rest = rest.subarray(whole);
      const delay = look(JSON.parse(message.subarray(end + 4).toString()));
      if (delay > 0) setTimeout(() => target.write(message), delay);
      else target.write(message);
    }
  };
}
