import { describe, expect, it } from 'vitest';
import { defaultSettings, parseSettings } from '../../server/src/settings.ts';

describe('settings from outside', () => {
  it('fall back to defaults when there are none', () => {
    expect(parseSettings(null)).toEqual({ settings: defaultSettings, problems: [] });
  });

  it('keep what is right when one value is wrong, and say which', () => {
    const { settings, problems } = parseSettings({
      provider: 'nonsense',
      hover: { enabled: false, whenDocumented: 3 },
    });
    expect(settings.provider).toBe(defaultSettings.provider);
    expect(settings.hover).toEqual({ enabled: false, whenDocumented: 'quote' });
    expect(problems).toHaveLength(2);
    expect(problems.join()).toMatch(/codegloss\.provider.*codegloss\.hover\.whenDocumented/s);
  });
});
