// A folder that is on no disk: `memory:/` with the two files below.

const { EventEmitter, FileSystemError, FileType, workspace } = require('vscode');

const ENTITY = 'entity: Post\nschema: blog\n\nfields:\n  title: text!\n\nactions:\n  - name: go\n    steps:\n      - insert: Gone\n';
const FILES = { '/post.yaml': ENTITY, '/note.specql.yaml': ENTITY.replace('Post', 'Note') };

const texts = new Map(Object.entries(FILES).map(([path, text]) => [path, new TextEncoder().encode(text)]));
const changed = new EventEmitter();

const files = {
  onDidChangeFile: changed.event,
  watch: () => ({ dispose() {} }),
  stat({ path }) {
    const text = texts.get(path);
    if (path !== '/' && !text) throw FileSystemError.FileNotFound(path);
    return { type: text ? FileType.File : FileType.Directory, ctime: 0, mtime: 0, size: text?.length ?? 0 };
  },
  readDirectory: () => [...texts.keys()].map((path) => [path.slice(1), FileType.File]),
  readFile({ path }) {
    const text = texts.get(path);
    if (!text) throw FileSystemError.FileNotFound(path);
    return text;
  },
  writeFile({ path }, text) {
    texts.set(path, text);
  },
  createDirectory() {},
  delete() {},
  rename() {},
};

exports.activate = (context) => {
  context.subscriptions.push(workspace.registerFileSystemProvider('memory', files, { isCaseSensitive: true }));
};
