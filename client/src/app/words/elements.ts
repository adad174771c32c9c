/** The names that the rules use, in the player's language. */
const ELEMENTS: Readonly<Record<string, string>> = {
  stone: $localize`:@@element.stone:stone`,
  ember: $localize`:@@element.ember:ember`,
  gale: $localize`:@@element.gale:gale`,
  tide: $localize`:@@element.tide:tide`,
  pure: $localize`:@@element.pure:pure`,
};

const STATES: Readonly<Record<string, string>> = {
  stun: $localize`:@@state.stun:stunned`,
  root: $localize`:@@state.root:rooted`,
  silence: $localize`:@@state.silence:silenced`,
  unmovable: $localize`:@@state.unmovable:unmovable`,
  taunt: $localize`:@@state.taunt:taunted`,
  invisible: $localize`:@@state.invisible:unseen`,
  untargetable: $localize`:@@state.untargetable:out of reach`,
  revealed: $localize`:@@state.revealed:in the light`,
};

const STATS: Readonly<Record<string, string>> = {
  vigor: $localize`:@@stat.vigor:Vigour`,
  stone: $localize`:@@stat.stone:Stone`,
  ember: $localize`:@@stat.ember:Ember`,
  gale: $localize`:@@stat.gale:Gale`,
  tide: $localize`:@@stat.tide:Tide`,
  focus: $localize`:@@stat.focus:Focus`,
  hp_max: $localize`:@@stat.healthMax:Health`,
  ap_max: $localize`:@@stat.apMax:Action points`,
  mp_max: $localize`:@@stat.mpMax:Movement points`,
  initiative: $localize`:@@stat.initiative:Initiative`,
  out_pct: $localize`:@@stat.outPct:% damage dealt`,
  in_pct: $localize`:@@stat.inPct:% damage taken`,
  summon_max: $localize`:@@stat.summonMax:Summons`,
  weight_max: $localize`:@@stat.weightMax:Weight carried`,
  power_all: $localize`:@@stat.powerAll:Power`,
  power_stone: $localize`:@@stat.powerStone:Stone power`,
  power_ember: $localize`:@@stat.powerEmber:Ember power`,
  power_gale: $localize`:@@stat.powerGale:Gale power`,
  power_tide: $localize`:@@stat.powerTide:Tide power`,
  res_pct_stone: $localize`:@@stat.resistStone:% stone resistance`,
  res_pct_ember: $localize`:@@stat.resistEmber:% ember resistance`,
  res_pct_gale: $localize`:@@stat.resistGale:% gale resistance`,
  res_pct_tide: $localize`:@@stat.resistTide:% tide resistance`,
  res_pct_all: $localize`:@@stat.resistAll:% resistance`,
  grip: $localize`:@@stat.grip:Grip`,
  evade: $localize`:@@stat.evade:Evasion`,
  range: $localize`:@@stat.range:Range`,
  crit_bp: $localize`:@@stat.critical:Critical hits`,
  luck_pct: $localize`:@@stat.luck:% luck`,
};

export function elementName(element: string): string {
  return ELEMENTS[element] ?? element;
}

export function stateName(state: string): string {
  return STATES[state] ?? state;
}

export function statName(stat: string): string {
  return STATS[stat] ?? stat.replaceAll('_', ' ');
}
