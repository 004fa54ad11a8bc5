import { describe, expect, it } from 'vitest';
import { integerOption, parsePlace, UsageError } from '../../../server/src/cli/arguments.ts';

describe('FILE:LINE', () => {
  it.each([
    ['a.ts:12', { file: 'a.ts', line: 11 }],
    ['a.ts:12:3', { file: 'a.ts', line: 11 }],
    ['C:\\x\\a.ts:7', { file: 'C:\\x\\a.ts', line: 6 }],
    ['C:', { file: 'C:' }],
    ['C:12', { file: 'C:12' }],
    ['a.ts', { file: 'a.ts' }],
  ])('%s', (argument, place) => {
    expect(parsePlace(argument)).toEqual(place);
  });
  it('counts from 1', () => {
    expect(() => parsePlace('a.ts:0')).toThrow(UsageError);
  });
});

describe('a number option', () => {
  it('refuses what is no whole number in range', () => {
    expect(integerOption('n', '5', 1, 0)).toBe(5);
    expect(integerOption('n', undefined, 1, 7)).toBe(7);
    for (const value of ['0', '1.5', 'x', '']) expect(() => integerOption('n', value, 1, 0)).toThrow(UsageError);
  });
});
