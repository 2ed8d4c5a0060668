// The item in the status bar: whether the server runs, with a menu that restarts it.

import { commands, type Disposable, MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';

import type { Health, Server } from './server.ts';

export function showStatus(server: Server): Disposable[] {
  const item = window.createStatusBarItem('specql.status', StatusBarAlignment.Right, 90);
  item.name = 'SpecQL';
  item.command = 'specql.serverMenu';
  const draw = (health: Health): void => {
    item.backgroundColor =
      health.state === 'failed' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    const [text, tooltip] = described(health);
    item.text = text;
    item.tooltip = new MarkdownString(tooltip);
    if (health.state === 'stopped') {
      item.hide();
    } else {
      item.show();
    }
  };
  draw(server.health);
  return [item, server.onDidChangeHealth(draw), commands.registerCommand('specql.serverMenu', () => menu(server))];
}

function described(health: Health): [string, string] {
  switch (health.state) {
    case 'running':
      return ['$(check) SpecQL', `specql-lsp ${health.version}\n\n\`${health.path}\``];
    case 'failed':
      return ['$(error) SpecQL', health.problem];
    case 'starting':
    case 'stopped':
      return ['$(sync~spin) SpecQL', 'specql-lsp is starting'];
  }
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
