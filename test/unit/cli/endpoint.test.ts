import { readEndpoint } from '../../../cli/api/endpoint';

describe('readEndpoint', () => {
  it.each([
    ['https://my-app.azurewebsites.net', { baseUrl: 'https://my-app.azurewebsites.net/api' }],
    ['https://my-app.azurewebsites.net/api/', { baseUrl: 'https://my-app.azurewebsites.net/api' }],
    ['https://apim.example/invite/v1', { baseUrl: 'https://apim.example/invite/v1' }],
    ['https://a.example/api/invitations?code=k%3D%3D', { baseUrl: 'https://a.example/api', key: 'k==' }],
    ['http://127.0.0.1:7071', { baseUrl: 'http://127.0.0.1:7071/api' }],
    ['http://[::1]:7071/api', { baseUrl: 'http://[::1]:7071/api' }],
  ])('takes %s', (text, endpoint) => {
    expect(readEndpoint(text)).toEqual(endpoint);
  });

  it.each([
    ['', '"" is no URL of an app.'],
    ['my-app.azurewebsites.net', '"my-app.azurewebsites.net" is no URL of an app.'],
    ['ftp://a.example', '"ftp://a.example" is no URL of an app.'],
    ['http://a.example', 'http://a.example is not encrypted'],
    ['https://user:pass@a.example', 'The URL holds a name or password.'],
  ])('refuses %j', (text, message) => {
    expect(() => readEndpoint(text)).toThrow(message);
  });
});
