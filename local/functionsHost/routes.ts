import { toConstraint, type Constraint } from './routeConstraints';

interface Parameter {
  kind: 'parameter';
  name: string;
  isOptional: boolean;
  isCatchAll: boolean;
  constraints: string[];
  checks: Constraint[];
}

type Segment = { kind: 'literal'; text: string } | Parameter;

export type Route = Segment[];

const parameterPattern =
  /^\{(?<stars>\*{0,2})(?<name>[A-Za-z_][\w-]*)(?<constraints>(?::(?:[^(){}:?]|\([^()]*\))+)*)(?<optional>\??)\}$/;

/**
 * Reads a route template such as `invitations/{id:guid}/resend`.
 *
 * @throws Error for what this host cannot match: default values, and text and parameter mixed in one segment.
 */
export function parseRoute(template: string): Route {
  const route = template
    .split('/')
    .filter(Boolean)
    .map((part) => toSegment(part, template));
  if (
    route.slice(0, -1).some((segment) => segment.kind === 'parameter' && (segment.isOptional || segment.isCatchAll))
  ) {
    throw new Error(`Route "${template}": an optional or catch-all parameter must be the last segment.`);
  }
  return route;
}

function toSegment(part: string, template: string): Segment {
  if (!/[{}]/.test(part)) return { kind: 'literal', text: part.toLowerCase() };
  const groups = parameterPattern.exec(part)?.groups;
  if (!groups) throw new Error(`Route "${template}": the local host cannot read the segment "${part}".`);
  const constraints = groups['constraints']?.match(/(?<=:)(?:[^(:]|\([^()]*\))+/g) ?? [];
  return {
    kind: 'parameter',
    name: groups['name'] ?? '',
    isOptional: groups['optional'] === '?',
    isCatchAll: groups['stars'] !== '',
    constraints,
    checks: constraints.map(toConstraint),
  };
}

/**
 * The segments of a request's path, decoded; an encoded slash stays encoded, as in Azure.
 *
 * @throws URIError when the path is not valid percent-encoded UTF-8.
 */
export function splitPath(path: string): string[] {
  const decode = (piece: string) => (/^%2f$/i.test(piece) ? piece : decodeURIComponent(piece));
  return path
    .split('/')
    .filter(Boolean)
    .map((part) => part.split(/(%2f)/i).map(decode).join(''));
}

/** The parameters when the route matches, else undefined. Literals match in any case. */
export function matchRoute(route: Route, path: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  let matched = 0;
  for (const segment of route) {
    const taken =
      segment.kind === 'parameter' && segment.isCatchAll ? path.slice(matched) : path.slice(matched, matched + 1);
    matched += taken.length;
    const value = taken.join('/');
    if (segment.kind === 'literal') {
      if (value.toLowerCase() !== segment.text) return undefined;
    } else if (taken.length > 0) {
      if (!segment.checks.every((accepts) => accepts(value))) return undefined;
      parameters[segment.name] = value;
    } else if (!segment.isOptional && !segment.isCatchAll) {
      return undefined;
    }
  }
  return matched === path.length ? parameters : undefined;
}

/** Sorts routes so that the first that matches is the one meant: in each segment a literal goes before a parameter. */
export function byPrecedence(a: Route, b: Route): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = rank(a[index]) - rank(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(segment: Segment | undefined): number {
  if (!segment) return 0;
  if (segment.kind === 'literal') return 1;
  if (segment.isCatchAll) return 4;
  return segment.constraints.length > 0 ? 2 : 3;
}

/** Equal for routes that match the same paths: the names of parameters make no difference. */
export function routeShape(route: Route): string {
  return route
    .map((segment) => {
      if (segment.kind === 'literal') return segment.text;
      const mark = (segment.isCatchAll ? '*' : '') + (segment.isOptional ? '?' : '');
      return `{${[mark, ...segment.constraints].join(':')}}`;
    })
    .join('/');
}
