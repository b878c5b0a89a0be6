export type Constraint = (value: string) => boolean;

const plain: Record<string, Constraint> = {
  alpha: (value) => /^[a-z]*$/i.test(value),
  bool: (value) => /^(true|false)$/i.test(value),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  decimal: isNumber,
  double: isNumber,
  float: isNumber,
  guid: (value) => /^(\{?)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\}?)$|^[0-9a-f]{32}$/i.test(value),
  int: (value) => isWithin(value, -(2n ** 31n), 2n ** 31n - 1n),
  long: (value) => isWithin(value, -(2n ** 63n), 2n ** 63n - 1n),
  required: (value) => value.length > 0,
};

const withArguments: Record<string, (...numbers: number[]) => Constraint> = {
  length: (least = 0, most = least) => hasLength(least, most),
  minlength: (least = 0) => hasLength(least, Infinity),
  maxlength: (most = 0) => hasLength(0, most),
  min: (least = 0) => isFrom(least, Infinity),
  max: (most = 0) => isFrom(-Infinity, most),
  range: (least = 0, most = 0) => isFrom(least, most),
};

/**
 * The constraint that a route template writes after a parameter's colon, as ASP.NET Core defines it.
 *
 * @throws Error when there is none of that name.
 * @see https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints
 */
export function toConstraint(text: string): Constraint {
  const [, name = text, list] = /^([a-z]+)\((.*)\)$/i.exec(text) ?? [];
  const key = name.toLowerCase();
  if (key === 'regex' && list !== undefined) {
    const pattern = new RegExp(list, 'i');
    return (value) => pattern.test(value);
  }
  const found = list === undefined ? plain[key] : withArguments[key]?.(...list.split(',').map(Number));
  if (!found) throw new Error(`"${text}" is no route constraint that the local host knows.`);
  return found;
}

function isNumber(value: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value);
}

function isWithin(value: string, least: bigint, most: bigint): boolean {
  if (!/^[+-]?\d+$/.test(value)) return false;
  const number = BigInt(value.replace('+', ''));
  return number >= least && number <= most;
}

function hasLength(least: number, most: number): Constraint {
  return (value) => value.length >= least && value.length <= most;
}

function isFrom(least: number, most: number): Constraint {
  return (value) => plain.long?.(value) === true && Number(value) >= least && Number(value) <= most;
}
