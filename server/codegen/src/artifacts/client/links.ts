/** Whether a field holds references to rows. The types of the workspace say; of others the value does. */
function isLink(typename: string, field: string, value: unknown): boolean {
  const known = LINKS.get(typename);
  if (known !== undefined) return known.includes(field);
  return Array.isArray(value) ? value.length > 0 && value.every(isRow) : isRow(value);
}
