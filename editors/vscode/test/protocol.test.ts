import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientCapabilities } from 'vscode-languageclient/node';

import { isPreviewParams, ownCapabilities } from '../src/protocol.ts';

test('our capabilities are added to those of the library', () => {
  const capabilities: ClientCapabilities = { workspace: { applyEdit: true } };
  ownCapabilities.fillClientCapabilities(capabilities);
  assert.deepEqual(capabilities, {
    experimental: {
      commandLinks: true,
      commands: { commands: ['specql.preview', 'specql.showReferences'] },
      serverStatusNotification: true,
    },
    workspace: { applyEdit: true, textDocumentContent: { dynamicRegistration: false } },
  });
});

test('what a command is called with need not come from our server', () => {
  assert.equal(isPreviewParams({ uri: 'file:///post.yaml', action: 'create_post' }), true);
  for (const value of [undefined, null, 'file:///post.yaml', {}, { uri: 5 }]) {
    assert.equal(isPreviewParams(value), false, JSON.stringify(value));
  }
});
