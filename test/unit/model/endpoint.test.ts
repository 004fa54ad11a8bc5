import { describe, expect, it } from 'vitest';
import { endpointProblem } from '../../../server/src/model/endpoint.ts';

describe('the endpoint setting', () => {
  it.each(['', 'http://localhost:11434/v1', 'https://gateway.example', 'http://127.0.0.1:8080/'])(
    'takes %j',
    (setting) => {
      expect(endpointProblem(setting)).toBeUndefined();
    },
  );

  it.each([
    ['ftp://x', /codegloss\.endpoint is no http or https URL: "ftp:\/\/x"/],
    ['localhost', /no http or https URL/],
    ['http://127.0.0.1:9/v1', /codegloss\.endpoint names port 9/],
    ['https://mail.example:465', /port 465/],
  ])('says in one line what is wrong with %j', (setting, line) => {
    expect(endpointProblem(setting)).toMatch(line);
    expect(endpointProblem(setting)).not.toContain('\n');
  });
});
