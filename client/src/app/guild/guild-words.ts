import { Permission } from './guild-store';

/** What each permission lets somebody do. */
export const PERMISSION_NAMES: Readonly<Record<Permission, string>> = {
  invite: $localize`:@@guild.may.invite:ask people in`,
  kick: $localize`:@@guild.may.kick:send members away`,
  promote: $localize`:@@guild.may.promote:give ranks`,
  ranks: $localize`:@@guild.may.ranks:change ranks`,
  motd: $localize`:@@guild.may.motd:write the message of the day`,
  props: $localize`:@@guild.may.props:raise the banner of the guild`,
  dissolve: $localize`:@@guild.may.dissolve:disband the guild`,
};

export const PERMISSIONS: readonly Permission[] = [
  'invite',
  'kick',
  'promote',
  'ranks',
  'motd',
  'props',
  'dissolve',
];
