import type { Target } from './candidate';
import { referredFrom } from './referred-resources';
import { TemplateProperties, UNKNOWN } from './template-properties';

/** The options of Amazon RDS that are persistent or permanent. */
const PERSISTENT = ['TDE', 'TDE_HSM', 'Timezone', 'OLS', 'TRANSPARENT_DATA_ENCRYPTION'].map((option) => option.toLowerCase());

/** The persistent options of the option group of an instance, which block copies into another region, or `unknown`. */
export function persistentOptionsOf({ resource, properties }: Target): string[] | 'unknown' {
  if (resource?.cfnResourceType !== 'AWS::RDS::DBInstance' || !properties || properties.get('OptionGroupName') === undefined) {
    return [];
  }
  const group = referredFrom(resource, properties, 'OptionGroupName', 'optionGroupName');
  if (group?.cfnResourceType !== 'AWS::RDS::OptionGroup') {
    const name = properties.text('OptionGroupName');
    const engine = properties.text('Engine');
    const hasNone = name !== UNKNOWN && name!.startsWith('default:') || (typeof engine === 'string' && !/^(custom-)?(oracle|sqlserver)/.test(engine));
    return hasNone ? [] : 'unknown';
  }
  const options = new TemplateProperties(group).get('OptionConfigurations');
  const names = Array.isArray(options) ? options.map((option) => (option as { OptionName?: unknown } | undefined)?.OptionName) : [];
  const found = names.filter((name): name is string => typeof name === 'string' && PERSISTENT.includes(name.toLowerCase()));
  return found.length > 0 ? found : options === UNKNOWN || names.some((name) => typeof name !== 'string') ? 'unknown' : [];
}
