import assert from 'node:assert/strict';
import { delimiter } from 'node:path';
import { test } from 'node:test';

import { findServer, type Lookup } from '../src/binary.ts';

const BUNDLED = '/extension/server/specql-lsp';

function lookup(files: string[], overrides: Partial<Lookup> = {}) {
  return findServer({
    setting: '',
    extensionPath: '/extension',
    searchPath: ['', '/usr/bin', '/opt/bin'].join(delimiter),
    home: '/home/ann',
    platform: 'linux',
    isFile: (path) => files.includes(path),
    ...overrides,
  });
}

test('the setting wins over the bundled server, which wins over PATH', () => {
  const files = ['/mine/specql-lsp', BUNDLED, '/opt/bin/specql-lsp'];
  assert.deepEqual(lookup(files, { setting: '/mine/specql-lsp' }), { path: '/mine/specql-lsp' });
  assert.deepEqual(lookup(files), { path: BUNDLED });
  assert.deepEqual(lookup(['/opt/bin/specql-lsp']), { path: '/opt/bin/specql-lsp' });
});

test('a setting that names nothing is a problem, not a fallback', () => {
  assert.deepEqual(lookup([BUNDLED], { setting: '/gone' }), {
    problem: '`specql.server.path` names `/gone`, which is not a file',
  });
});

test('the setting knows the home and the workspace folder', () => {
  const files = ['/home/ann/bin/s', '/code/$&/s'];
  assert.deepEqual(lookup(files, { setting: ' ~/bin/s ' }), { path: '/home/ann/bin/s' });
  assert.deepEqual(lookup(files, { setting: '${workspaceFolder}/s', workspaceFolder: '/code/$&' }), {
    path: '/code/$&/s',
  });
  assert.ok('problem' in lookup(files, { setting: '${workspaceFolder}/s' }));
});

test('nothing anywhere says what to do', () => {
  const found = lookup([]);
  assert.ok('problem' in found && found.problem.includes('set `specql.server.path`'));
});

test('on Windows the executable has its suffix', () => {
  assert.deepEqual(lookup([`${BUNDLED}.exe`], { platform: 'win32' }), { path: `${BUNDLED}.exe` });
});
