/** Whether an object has a member itself: `constructor` is one of every object. */
function has(object: object, member: string): boolean {
  return Object.prototype.hasOwnProperty.call(object, member);
}
