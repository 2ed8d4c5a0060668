// How problems are told: a message with buttons that lead to what can be done about it.

import { ConfigurationTarget, window, workspace } from 'vscode';

import { NotRunning, type Server } from './server.ts';

const SET_PATH = 'Set the Path';
const SHOW_LOG = 'Show the Log';
const RESTART = 'Try Again';

/** Tells of a server that does not run. */
export async function tellFailure(server: Server, problem: string): Promise<void> {
  const chosen = await window.showErrorMessage(`SpecQL: ${problem}`, SET_PATH, SHOW_LOG, RESTART);
  switch (chosen) {
    case SET_PATH:
      await setServerPath();
      break;
    case SHOW_LOG:
      server.showLog();
      break;
    case RESTART:
      await server.restart();
      break;
  }
}

/** Lets the user choose the executable. The server starts anew when the setting changes. */
export async function setServerPath(): Promise<void> {
  const chosen = await window.showOpenDialog({ title: 'The executable `specql-lsp`', openLabel: 'Use It' });
  if (chosen?.[0]) {
    await workspace
      .getConfiguration('specql')
      .update('server.path', chosen[0].fsPath, ConfigurationTarget.Global);
  }
}

/** A command's body: what goes wrong in it is told, with its reason, and never swallowed. */
export function telling<Arguments extends unknown[]>(
  server: Server,
  body: (...given: Arguments) => unknown,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    try {
      await body(...given);
    } catch (error) {
      if (error instanceof NotRunning) {
        void tellFailure(server, error.message);
        return;
      }
      server.log(error);
      const reason = error instanceof Error ? error.message : String(error);
      const chosen = await window.showErrorMessage(`SpecQL: ${reason}`, SHOW_LOG);
      if (chosen === SHOW_LOG) {
        server.showLog();
      }
    }
  };
}
