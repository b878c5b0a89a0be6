/** Where the next page is: the same query from another position on. `url` has no query yet. */
export function nextLink(url: string, query: URLSearchParams, position: number): string {
  const next = new URLSearchParams(query);
  next.set('$skiptoken', String(position));
  return `${url}?${[...next].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}
