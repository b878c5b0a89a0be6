/** Function keys don't tell callers apart: whoever has one is this caller. */
export const KEY_CALLER = 'functionKey';
