// The YAML extension for the tests: its own language server, started as the extension does and told of the
// same documents. The extension itself is in no registry of packages.

const { LanguageClient } = require('vscode-languageclient/node');

exports.activate = async (context) => {
  const server = process.env.YAML_LANGUAGE_SERVER;
  const client = new LanguageClient(
    'yaml',
    'YAML Support',
    { command: process.execPath, args: [server, '--stdio'] },
    { documentSelector: [{ language: 'yaml' }, { language: 'dockercompose' }] },
  );
  context.subscriptions.push(client);
  await client.start();
};
