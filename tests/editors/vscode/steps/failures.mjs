// A server that ends, and one that is not there: what is said, and what leads on.

import { execFileSync } from 'node:child_process';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export function failureSteps({ step, workbench, page, server, home, screenshot }) {
  const status = page.locator('[id="specql.specql.status"], .statusbar-item', { hasText: 'SpecQL' });

  return async () => {
    await step('a server that is killed comes back, and finds what is wrong again', async () => {
      const killed = serverProcesses(home);
      killed.forEach((pid) => process.kill(pid, 'SIGKILL'));
      await workbench.eventually('a new server', () => serverProcesses(home), (pids) =>
        pids.some((pid) => !killed.includes(pid)),
      );
      await workbench.waitForProblem('unknown-impact-field');
    });

    await step('a path that names no server is told of with buttons, and commands say why', async () => {
      const broken = join(home, 'broken-server');
      await writeFile(broken, '#!/bin/sh\necho no such library >&2\nexit 127\n');
      await chmod(broken, 0o755);
      await server.configure({ 'specql.server.path': broken });
      const toast = await workbench.notification('ends with code 127');
      await toast.getByRole('button', { name: 'Set the Path' }).waitFor();
      await toast.getByRole('button', { name: 'Show the Log' }).waitFor();
      await status.locator('.codicon-error').first().waitFor();
      await screenshot('broken');
      await toast.getByRole('button', { name: 'Set the Path' }).click();
      // The dialog for a file of the machine is a line to write its path in.
      const input = page.locator('.quick-input-widget input');
      await workbench.eventually('the dialog', () => input.inputValue(), (text) => text.startsWith('/'));
      // It writes its own folder there once more when it has listed that.
      const bundled = await bundledServer(home);
      const row = workbench.pick('specql-lsp');
      await workbench.eventually('the server in the dialog', async () => {
        await input.fill('/');
        await input.fill(bundled);
        return row.waitFor({ timeout: 5000 }).then(() => true, () => false);
      }, (found) => found);
      await row.click();
      await status.locator('.codicon-check').first().waitFor();

      await server.configure({ 'specql.server.path': join(home, 'nowhere') });
      await workbench.notification('which is not a file');
      await workbench.runCommand('SpecQL: Restart Server');
      await workbench.notification('which is not a file');
      await server.configure({});
      await status.locator('.codicon-check').first().waitFor();
      await workbench.clearNotifications();
      await workbench.waitForProblem('unknown-impact-field');
    });
  };
}

/** The server that is installed with the extension. */
export async function bundledServer(home) {
  const extensions = join(home, 'extensions');
  const name = (await readdir(extensions)).find((it) => it.startsWith('specql.'));
  return join(extensions, name, 'server/specql-lsp');
}

/** Those of this run: their executable lies below its home. */
export function serverProcesses(home) {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((it) => it.includes(`${home}/`) && /server\/specql-lsp serve/.test(it))
    .map((it) => Number.parseInt(it, 10));
}
