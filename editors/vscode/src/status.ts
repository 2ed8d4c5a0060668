// The item in the status bar: whether the server runs and what it sees, with a menu that restarts it.

import { commands, type Disposable, MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';

import type { ServerStatus } from './protocol.ts';
import type { Health, Server } from './server.ts';

export function showStatus(server: Server): Disposable[] {
  const item = window.createStatusBarItem('specql.status', StatusBarAlignment.Right, 90);
  item.name = 'SpecQL';
  item.command = 'specql.serverMenu';
  // What a server that is gone said of itself is forgotten with it.
  let said: ServerStatus | undefined;
  const draw = (health: Health): void => {
    if (health.state !== 'running') said = undefined;
    item.backgroundColor =
      health.state === 'failed' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    const [text, tooltip] = described(health, said);
    item.text = text;
    item.tooltip = new MarkdownString(tooltip);
    if (health.state === 'stopped') {
      item.hide();
    } else {
      item.show();
    }
  };
  draw(server.health);
  const heard = server.onDidChangeStatus((status) => {
    said = status;
    draw(server.health);
  });
  return [item, heard, server.onDidChangeHealth(draw), commands.registerCommand('specql.serverMenu', () => menu(server))];
}

function described(health: Health, said: ServerStatus | undefined): [string, string] {
  switch (health.state) {
    case 'running':
      return [
        said?.indexing ? '$(sync~spin) SpecQL' : said?.health === 'warning' ? '$(warning) SpecQL' : '$(check) SpecQL',
        [`specql-lsp ${health.version}`, `\`${health.path}\``, ...seen(said)].join('\n\n'),
      ];
    case 'failed':
      return ['$(error) SpecQL', health.problem];
    case 'starting':
    case 'stopped':
      return ['$(sync~spin) SpecQL', 'specql-lsp is starting'];
  }
}

function seen(said: ServerStatus | undefined): string[] {
  if (!said) {
    return [];
  }
  const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
  const line = `${counted(said.files, 'file')} in ${counted(said.workspaces, 'workspace')}`;
  return said.message === undefined ? [line] : [line, said.message];
}

async function menu(server: Server): Promise<void> {
  const entries = [
    { label: '$(debug-restart) Restart Server', run: () => commands.executeCommand('specql.restartServer') },
    { label: '$(output) Show Log', run: () => server.showLog() },
    {
      label: '$(gear) Set the Path of the Server',
      run: () => commands.executeCommand('specql.setServerPath'),
    },
    {
      label: '$(type-hierarchy) Show Event Flow',
      run: () => commands.executeCommand('specql.showEventFlow'),
    },
  ];
  const chosen = await window.showQuickPick(entries, {
    title: server.health.state === 'running' ? `specql-lsp ${server.health.version}` : 'specql-lsp',
  });
  await chosen?.run();
}
