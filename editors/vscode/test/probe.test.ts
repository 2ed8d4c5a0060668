import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { probe } from '../src/probe.ts';

const folder = await mkdtemp(join(tmpdir(), 'specql-probe-'));
after(() => rm(folder, { recursive: true }));

async function script(name: string, text: string, mode = 0o755): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

async function problem(path: string): Promise<string> {
  const probed = await probe(path);
  assert.ok('problem' in probed, JSON.stringify(probed));
  return probed.problem;
}

test('the server says its version', async () => {
  assert.deepEqual(await probe(await script('good', '#!/bin/sh\necho specql-lsp 1.2.3\n')), { version: '1.2.3' });
});

test('what is no server says why', async () => {
  assert.match(await problem(await script('other', '#!/bin/sh\necho hello\n')), /is not `specql-lsp`: hello$/);
  assert.match(
    await problem(await script('broken', '#!/bin/sh\necho no such library >&2\nexit 127\n')),
    /ends with code 127 .*: no such library$/,
  );
  assert.match(await problem(await script('foreign', 'x', 0o644)), /may not be executed/);
  assert.match(await problem(join(folder, 'gone')), /is missing$/);
});
