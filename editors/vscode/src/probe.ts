// Whether a file is the server: asked for its version before it is started for good, so that a file
// that cannot run says why, in one sentence.

import { execFile } from 'node:child_process';

const ANSWERS_WITHIN = 10_000; // milliseconds

export type Probed = { readonly version: string } | { readonly problem: string };

export function probe(path: string): Promise<Probed> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: ANSWERS_WITHIN }, (error, stdout, stderr) => {
      const version = /^specql-lsp (\S+)/.exec(stdout)?.[1];
      resolve(version !== undefined && !error ? { version } : { problem: problem(path, error, stdout, stderr) });
    });
  });
}

function problem(path: string, error: Error | null, stdout: string, stderr: string): string {
  const said = firstLine(stderr) ?? firstLine(stdout);
  const detail = said === undefined ? '' : `: ${said}`;
  if (!error) {
    return `\`${path}\` is not \`specql-lsp\`${detail}`;
  }
  if ('killed' in error && error.killed) {
    return `\`${path}\` did not say its version within ${ANSWERS_WITHIN / 1000} s`;
  }
  const code = 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EACCES':
      return `\`${path}\` may not be executed: give it the right to, or name another file`;
    case 'ENOENT':
      return `\`${path}\` cannot be started: it, or what it needs to run, is missing`;
    default:
      return typeof code === 'number'
        ? `\`${path}\` ends with code ${code} when it is asked for its version${detail}`
        : `\`${path}\` cannot be started: ${firstLine(error.message) ?? String(code)}`;
  }
}

function firstLine(text: string): string | undefined {
  return text.split('\n').map((line) => line.trim()).find((line) => line !== '');
}
