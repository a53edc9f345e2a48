/** Every meeting's call is of this type, and everybody in it has Stream's own first role. */
export const streamCallType = "default";
export const streamRole = "user";
