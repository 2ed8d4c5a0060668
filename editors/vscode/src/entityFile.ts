// Which YAML is SpecQL, by the definition of the server: a root mapping with a key `entity`.

const ROOT_ENTITY_KEY = /^(?:entity|"entity"|'entity')\s*:(?:\s|$)/m;

/** Text beyond this many characters is not looked at: the key stands at the top of real files. */
export const LOOKED_AT = 16_384;

export function isEntityFile(text: string): boolean {
  return ROOT_ENTITY_KEY.test(text.slice(0, LOOKED_AT));
}

export function isConfigFile(path: string): boolean {
  return /[\\/]specql\.config\.ya?ml$/.test(path);
}
