// Where the server comes from, the first that applies:
// 1. the setting `specql.server.path`; a path that is no file is an error, never a silent fallback;
// 2. `server/specql-lsp` inside the extension, as `npm run package` puts it there;
// 3. `specql-lsp` on PATH.

import { delimiter, join } from 'node:path';

export interface Lookup {
  readonly setting: string;
  readonly extensionPath: string;
  /** Value of the environment variable PATH. */
  readonly searchPath: string;
  /** Replaces `${workspaceFolder}` in the setting; absent when no folder is open. */
  readonly workspaceFolder?: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly isFile: (path: string) => boolean;
}

export type Found = { readonly path: string } | { readonly problem: string };

export function findServer(lookup: Lookup): Found {
  const setting = lookup.setting.trim();
  if (setting !== '') {
    const path = expand(setting, lookup);
    return lookup.isFile(path)
      ? { path }
      : { problem: `\`specql.server.path\` names \`${path}\`, which is not a file` };
  }
  const name = lookup.platform === 'win32' ? 'specql-lsp.exe' : 'specql-lsp';
  const folders = [
    join(lookup.extensionPath, 'server'),
    ...lookup.searchPath.split(delimiter).filter((folder) => folder !== ''),
  ];
  const path = folders.map((folder) => join(folder, name)).find(lookup.isFile);
  return path === undefined
    ? {
        problem:
          '`specql-lsp` is neither inside the extension nor on PATH: install it, or set `specql.server.path`',
      }
    : { path };
}

function expand(setting: string, lookup: Lookup): string {
  return setting
    .replace(/^~(?=[\\/])/, () => lookup.home)
    .replaceAll('${workspaceFolder}', () => lookup.workspaceFolder ?? '${workspaceFolder}');
}
