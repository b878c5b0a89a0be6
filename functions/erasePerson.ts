import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { parsePerson } from '../shared/domain/person';
import { toManage } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { invalidRequest } from '../shared/http/errors';
import { httpFunction } from '../shared/httpFunction';

/** DELETE /api/invitations?email=…: erases every closed invitation of a person, and tells which are not closed. */
async function erasePerson(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const person = parsePerson(request.query);
  if (!person.ok) return invalidRequest(person.faults);
  const { erasePerson: erase } = await services();
  return { status: 200, jsonBody: { value: await erase(person.person, caller.id) } };
}

httpFunction('erasePerson', {
  methods: ['DELETE'],
  route: 'invitations',
  access: toManage,
  handler: erasePerson,
});
