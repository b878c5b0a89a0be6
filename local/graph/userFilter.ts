import type { DirectoryUser } from './directory';

/** A `$filter` of /users that the simulator understands. Addresses compare without regard to case. */
export type UserFilter =
  | { type: 'mail' | 'otherMail' | 'userPrincipalName' | 'externalUserState'; value: string }
  | { type: 'and' | 'or'; left: UserFilter; right: UserFilter };

/**
 * Reads `mail eq '…'`, `userPrincipalName eq '…'`, `externalUserState eq '…'` and `otherMails/any(x:x eq '…')`, joined
 * with `and`, `or` and parentheses; a quote in a value is written twice. Undefined for anything else.
 */
export function parseUserFilter(text: string): UserFilter | undefined {
  const tokens = tokenize(text);
  const parsed = tokens && parseOr(tokens, 0);
  return parsed?.next === tokens?.length ? parsed?.filter : undefined;
}

type Token = { type: 'condition'; filter: UserFilter } | { type: 'and' | 'or' | '(' | ')' };
type Parsed = { filter: UserFilter; next: number } | undefined;

const QUOTED = `'((?:[^']|'')*)'`;
const TOKENS: readonly [RegExp, (match: RegExpExecArray) => Token][] = [
  [/\s*(and|or)\b/y, (match) => ({ type: match[1] === 'and' ? 'and' : 'or' })],
  [/\s*([()])/y, (match) => ({ type: match[1] === '(' ? '(' : ')' })],
  [
    new RegExp(`\\s*(mail|userPrincipalName|externalUserState)\\s+eq\\s+${QUOTED}`, 'y'),
    (match) => condition(match[1] as 'mail' | 'userPrincipalName' | 'externalUserState', match[2]),
  ],
  [
    new RegExp(`\\s*otherMails/any\\(\\s*(\\w+)\\s*:\\s*\\1\\s+eq\\s+${QUOTED}\\s*\\)`, 'y'),
    (match) => condition('otherMail', match[2]),
  ],
];

const condition = (type: 'mail' | 'otherMail' | 'userPrincipalName' | 'externalUserState', value = ''): Token => ({
  type: 'condition',
  filter: { type, value: value.replaceAll("''", "'") },
});

function tokenize(text: string): Token[] | undefined {
  const source = text.trim();
  const tokens: Token[] = [];
  let position = 0;
  while (position < source.length) {
    const found = tokenAt(source, position);
    if (!found) return undefined;
    tokens.push(found.token);
    position = found.end;
  }
  return tokens;
}

function tokenAt(source: string, position: number): { token: Token; end: number } | undefined {
  for (const [pattern, toToken] of TOKENS) {
    pattern.lastIndex = position;
    const match = pattern.exec(source);
    if (match) return { token: toToken(match), end: pattern.lastIndex };
  }
  return undefined;
}

function parseOr(tokens: Token[], start: number): Parsed {
  return parseJoined(tokens, start, 'or', parseAnd);
}

/** `and` binds tighter than `or`. */
function parseAnd(tokens: Token[], start: number): Parsed {
  return parseJoined(tokens, start, 'and', parseOne);
}

function parseJoined(
  tokens: Token[],
  start: number,
  type: 'and' | 'or',
  parseOperand: (tokens: Token[], start: number) => Parsed,
): Parsed {
  let left = parseOperand(tokens, start);
  while (left && tokens[left.next]?.type === type) {
    const right = parseOperand(tokens, left.next + 1);
    left = right && { filter: { type, left: left.filter, right: right.filter }, next: right.next };
  }
  return left;
}

function parseOne(tokens: Token[], start: number): Parsed {
  const token = tokens[start];
  if (token?.type === 'condition') return { filter: token.filter, next: start + 1 };
  if (token?.type !== '(') return undefined;
  const inner = parseOr(tokens, start + 1);
  return inner && tokens[inner.next]?.type === ')' ? { filter: inner.filter, next: inner.next + 1 } : undefined;
}

export function isMatch(filter: UserFilter, user: DirectoryUser): boolean {
  switch (filter.type) {
    case 'and':
      return isMatch(filter.left, user) && isMatch(filter.right, user);
    case 'or':
      return isMatch(filter.left, user) || isMatch(filter.right, user);
    case 'mail':
      return user.mail?.toLowerCase() === filter.value.toLowerCase();
    case 'otherMail':
      return user.otherMails.some((mail) => mail.toLowerCase() === filter.value.toLowerCase());
    case 'userPrincipalName':
      return user.userPrincipalName.toLowerCase() === filter.value.toLowerCase();
    case 'externalUserState':
      return user.externalUserState === filter.value;
  }
}

/** Addresses of which every match has at least one, so that an index can stand in for a scan; undefined: none are known. */
export function addressesOf(filter: UserFilter): string[] | undefined {
  switch (filter.type) {
    case 'externalUserState':
      return undefined;
    case 'and':
      return addressesOf(filter.left) ?? addressesOf(filter.right);
    case 'or': {
      const [left, right] = [addressesOf(filter.left), addressesOf(filter.right)];
      return left && right && [...left, ...right];
    }
    default:
      return [filter.value];
  }
}
