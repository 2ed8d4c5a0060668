// VS Code as a server on a free port of 127.0.0.1, with the extension and fresh user data.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN = 60_000; // milliseconds

/** Nothing that asks, greets, updates or moves between two screenshots. */
const SETTINGS = {
  'breadcrumbs.enabled': true,
  'chat.disableAIFeatures': true,
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Starts code-server, which `entry` names, with the VSIX installed; state lives below `home`. `beside` are
 *  folders of further extensions, `settings` others than those above; with `asksForTrust` a folder is not
 *  trusted until somebody says so. */
export async function startCodeServer({ entry, vsix, home, beside = [], settings = {}, asksForTrust = false, environment = {} }) {
  const userData = join(home, 'user-data');
  const extensions = join(home, 'extensions');
  const folders = ['--extensions-dir', extensions, '--user-data-dir', userData];
  const own = { ...SETTINGS, 'security.workspace.trust.enabled': asksForTrust, ...settings };
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(join(userData, 'User/settings.json'), JSON.stringify(own));
  for (const folder of beside) {
    await cp(folder, join(extensions, basename(folder)), { recursive: true });
  }
  const env = { ...process.env, HOME: home, ...environment };
  // A failure throws with what was written; success also writes, about a logger that is not compiled.
  execFileSync(process.execPath, [entry, ...folders, '--install-extension', vsix], { env, stdio: 'pipe' });

  const address = `127.0.0.1:${await freePort()}`;
  const options = ['--auth=none', '--disable-telemetry', '--disable-update-check', ...(asksForTrust ? [] : ['--disable-workspace-trust'])];
  const child = spawn(process.execPath, [entry, ...folders, '--bind-addr', address, ...options], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const url = `http://${address}/`;
  try {
    await healthy(url, child);
  } catch (error) {
    child.kill();
    throw new Error(`code-server did not start: ${error.message}\n${output}`);
  }
  return {
    url,
    stop: () => stop(child),
    logs: () => extensionLogs(userData),
    /** Changes settings of the user, as a person does in `settings.json`. */
    configure: async (changes) => {
      await writeFile(join(userData, 'User/settings.json'), JSON.stringify({ ...own, ...changes }));
      // Paths are settings of the machine that the server of the editor runs on.
      await mkdir(join(userData, 'Machine'), { recursive: true });
      await writeFile(join(userData, 'Machine/settings.json'), JSON.stringify(changes));
    },
  };
}

async function healthy(url, child) {
  const deadline = Date.now() + READY_WITHIN;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) {
      throw new Error(`it ended with code ${child.exitCode}`);
    }
    const answer = await fetch(`${url}healthz`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await sleep(100);
  }
  throw new Error('it never answered');
}

async function stop(child) {
  if (child.exitCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(5000).then(() => child.kill('SIGKILL'))]);
  }
}

/** What the extension host and the SpecQL channel wrote, for the report of a failure. */
async function extensionLogs(userData) {
  const logs = join(userData, 'logs');
  const names = await readdir(logs, { recursive: true }).catch(() => []);
  const wanted = names.filter((name) => /remoteexthost\.log$|SpecQL[^/]*\.log$/.test(name));
  const texts = wanted.map(async (name) => `── ${name}\n${await readFile(join(logs, name), 'utf8')}`);
  return (await Promise.all(texts)).join('\n');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
