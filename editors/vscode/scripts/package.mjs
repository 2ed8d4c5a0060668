// Builds the server, copies it into the extension and packs both as a VSIX for this platform:
//   npm run package [-- --debug] [--server FILE] [--out FILE]
// `--debug` packs an unoptimised server, which builds faster; `--server` one that is built already.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const extension = resolve(import.meta.dirname, '..');
const repository = resolve(extension, '../..');
const { values } = parseArgs({
  options: { debug: { type: 'boolean', default: false }, server: { type: 'string' }, out: { type: 'string' } },
});

const server = values.server ?? buildServer();
rmSync(join(extension, 'server'), { recursive: true, force: true });
mkdirSync(join(extension, 'server'));
copyFileSync(server, join(extension, 'server', basename(server)));
copyFileSync(join(repository, 'LICENSE'), join(extension, 'LICENSE'));
run('npm', ['run', '--silent', 'check']);
run('npm', ['run', '--silent', 'build']);

const target = `${process.platform}-${process.arch}`;
const vsix = resolve(values.out ?? join(extension, `specql-${target}.vsix`));
mkdirSync(dirname(vsix), { recursive: true });
run('npx', ['--no-install', 'vsce', 'package', '--no-dependencies', '--target', target, '--out', vsix]);

/** The path of the executable, as cargo reports it: the target directory is the user's choice. */
function buildServer() {
  const messages = execFileSync(
    'cargo',
    [
      'build',
      '--package=specql-lsp',
      '--message-format=json-render-diagnostics',
      ...(values.debug ? [] : ['--release']),
    ],
    { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 },
  );
  const executable = messages
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .find(({ target, executable }) => target?.name === 'specql-lsp' && executable)?.executable;
  if (executable === undefined) {
    throw new Error('cargo built no executable `specql-lsp`');
  }
  return executable;
}

function run(command, args) {
  execFileSync(command, args, { cwd: extension, stdio: 'inherit' });
}
