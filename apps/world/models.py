"""What the world keeps: where characters were last, copies of zones, groups, and who has used what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aether.kernel import clock
from apps.world.dungeon_models import DungeonLock as DungeonLock
from apps.world.dungeon_models import DungeonMember as DungeonMember
from apps.world.dungeon_models import DungeonRun as DungeonRun


class CharacterPlace(models.Model):
    """A checkpoint of where a character stands: live positions are rebuilt from it.

    `battle` is the battle that the character is in: it cannot walk, travel or begin another one.
    """

    character_id = models.BigIntegerField(_("character"), primary_key=True)
    zone = models.CharField(_("zone"), max_length=64)
    instance = models.CharField(_("zone copy"), max_length=80)
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    bind_zone = models.CharField(_("bound to"), max_length=64)
    bind_arrival = models.CharField(
        _("bound to the place"), max_length=48, default="start", db_default="start"
    )
    is_present = models.BooleanField(_("in the world"), default=False)
    battle = models.BigIntegerField(_("battle"), null=True, blank=True)
    kept_at = models.DateTimeField(_("kept"), default=clock.utc_now)
    copy_joined_at = models.DateTimeField(_("chose its copy"), null=True, blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        permissions = (
            ("unstick_character", "Can bring a character home"),
            ("teleport_character", "Can put a character anywhere"),
        )
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["instance"], name="place_present", condition=models.Q(is_present=True)),
            models.Index(fields=["battle"], name="place_battle", condition=models.Q(battle__isnull=False)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(x__lt=128, y__lt=128), name="place_on_a_map"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.instance} ({self.x}, {self.y})"

    @property
    def cell(self) -> tuple[int, int]:
        return self.x, self.y


class ZoneCopy(models.Model):
    """A copy of a zone, which one process runs while somebody is in it: the `instance` of all that is there.

    A shared one is open to everybody; the others belong to their owner, `party:<id>` or `character:<id>`.
    """

    class Kind(models.TextChoices):
        SHARED = "shared", _("for everybody")
        INSTANCE = "instance", _("of a party")
        PRIVATE = "private", _("of a character")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DRAINING = "draining", _("draining")
        CLOSED = "closed", _("closed")

    id = models.CharField(_("zone copy"), max_length=80, primary_key=True)
    zone = models.CharField(_("zone"), max_length=64)
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.SHARED)
    owner = models.CharField(_("owner"), max_length=64, null=True, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), default=clock.utc_now)
    emptied_at = models.DateTimeField(_("empty since"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("zone copy")
        verbose_name_plural = _("zone copies")
        default_permissions = ("view",)
        permissions = (("drain_copy", "Can drain a zone copy"),)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["zone", "number"], name="copy_in_use", condition=~models.Q(state="closed")),
            models.Index(fields=["id"], name="copy_draining", condition=models.Q(state="draining")),
            models.Index(
                fields=["id"],
                name="copy_not_empty",
                condition=models.Q(state="open", emptied_at__isnull=True),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["zone", "number"], name="copy_number_once"),
            models.UniqueConstraint(
                fields=["zone", "owner"],
                name="copy_once_for_an_owner",
                condition=models.Q(owner__isnull=False) & ~models.Q(state="closed"),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="shared", owner__isnull=True)
                | (~models.Q(kind="shared") & models.Q(owner__isnull=False)),
                name="copy_shared_or_owned",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at__isnull=True)),
                name="copy_closed_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class MonsterGroup(models.Model):
    """A place in a spawn rule for one group: roaming, claimed, fighting, or due again at `respawn_at`.

    It strays around its home, unless it is after its `prey`. `bonus_pct` is what it is worth more because
    nobody has touched it, and grows again at `bonus_at`.
    """

    class State(models.TextChoices):
        ROAMING = "roaming", _("roaming")
        ENGAGING = "engaging", _("engaging")
        IN_BATTLE = "in_battle", _("in battle")
        COOLDOWN = "cooldown", _("cooling down")

    zone = models.CharField(_("zone"), max_length=64)
    instance = models.CharField(_("zone copy"), max_length=80)
    rule = models.CharField(_("spawn rule"), max_length=64)
    slot = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.COOLDOWN)
    monsters = models.JSONField(_("monsters"), default=list)
    x = models.PositiveSmallIntegerField(default=0)
    y = models.PositiveSmallIntegerField(default=0)
    path = models.JSONField(default=list)
    started_at = models.FloatField(default=0)
    step_ms = models.PositiveIntegerField(default=0)
    roams_at = models.DateTimeField(_("walks on"), default=clock.utc_now)
    respawn_at = models.DateTimeField(_("comes back"), null=True, blank=True)
    engaged_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    engaged_by = models.BigIntegerField(_("claimed by"), null=True, blank=True)
    battle = models.BigIntegerField(_("battle"), null=True, blank=True)
    is_extra = models.BooleanField(_("brought by staff"), default=False, db_default=False)
    """Comes beside those that its rule keeps, and once beaten it does not come back."""
    home_x = models.PositiveSmallIntegerField(default=0, db_default=0)
    home_y = models.PositiveSmallIntegerField(default=0, db_default=0)
    prey = models.BigIntegerField(_("hunts"), null=True, blank=True)
    bonus_pct = models.PositiveSmallIntegerField(_("bonus in per cent"), default=0, db_default=0)
    bonus_at = models.DateTimeField(_("bonus grows"), null=True, blank=True)

    class Meta:
        verbose_name = _("monster group")
        verbose_name_plural = _("monster groups")
        permissions = (("steer_group", "Can bring and take away monster groups"),)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["battle"], name="group_battle", condition=models.Q(battle__isnull=False)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instance", "rule", "slot"], name="group_slot_once"),
            models.CheckConstraint(
                condition=models.Q(battle__isnull=True) | models.Q(state="in_battle"),
                name="group_battle_only_in_battle",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cooldown") | models.Q(respawn_at__isnull=False),
                name="group_cooldown_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instance}: {self.rule} {self.slot}"

    @property
    def cell(self) -> tuple[int, int]:
        """Where it stands, or will stand at the end of its walk."""
        return self.x, self.y

    @property
    def home(self) -> tuple[int, int]:
        return self.home_x, self.home_y


class ResourceNode(models.Model):
    """What is left of a node of a zone copy; a spent one is whole again at `respawn_at`."""

    instance = models.CharField(_("zone copy"), max_length=80)
    node_id = models.CharField(_("node"), max_length=64)
    definition = models.CharField(_("kind"), max_length=64)
    charges = models.IntegerField(_("charges"))
    respawn_at = models.DateTimeField(_("comes back"), null=True, blank=True)

    class Meta:
        verbose_name = _("resource node")
        verbose_name_plural = _("resource nodes")
        permissions = (("restore_node", "Can make a node whole again"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instance", "node_id"], name="node_once"),
            models.CheckConstraint(condition=models.Q(charges__gte=0), name="node_charges_not_negative"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("respawn_at", name="node_due", condition=models.Q(respawn_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.instance}: {self.node_id}"


class Gathering(models.Model):
    """A character at work on a node: at `ends_at` it has what one charge gives, if it has not moved."""

    character_id = models.BigIntegerField(_("character"), unique=True)
    instance = models.CharField(_("zone copy"), max_length=80)
    node_id = models.CharField(_("node"), max_length=64)
    began_at = models.DateTimeField(_("began"), default=clock.utc_now)
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        default_permissions = ("view",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["instance", "ends_at"], name="gathering_due"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.node_id}"


class ObjectUse(models.Model):
    """A character has had what an object gives."""

    character_id = models.BigIntegerField(_("character"))
    zone = models.CharField(_("zone"), max_length=64)
    object_id = models.CharField(_("object"), max_length=64)
    used_at = models.DateTimeField(_("used"), default=clock.utc_now)

    class Meta:
        verbose_name = _("use of an object")
        verbose_name_plural = _("uses of objects")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "zone", "object_id"], name="object_used_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.object_id}"


class PopulationSample(models.Model):
    """How a zone copy was in a minute: who was there, and how late its ticks came at worst."""

    zone = models.CharField(_("zone"), max_length=64)
    instance = models.CharField(_("zone copy"), max_length=80)
    at = models.DateTimeField(_("minute"))
    people = models.PositiveIntegerField(_("people"))
    lag_ms = models.PositiveIntegerField(_("tick lag in ms"))

    class Meta:
        verbose_name = _("population sample")
        verbose_name_plural = _("population samples")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["at", "instance"], name="sampled_once_a_minute"),
        ]

    def __str__(self) -> str:
        return f"{self.instance} {self.at:%H:%M}: {self.people}"


class Footfall(models.Model):
    """For how many minutes, all people together, somebody stood in a block of cells in an hour."""

    zone = models.CharField(_("zone"), max_length=64)
    hour = models.DateTimeField(_("hour"))
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField(_("minutes"))

    class Meta:
        verbose_name = _("footfall")
        verbose_name_plural = _("footfall")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["zone", "hour", "x", "y"], name="footfall_once_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.hour:%d.%m. %H} ({self.x}, {self.y}): {self.minutes}"


class WorldObject(models.Model):
    """How a thing of a zone copy stands: the fold of its stream (kind OBJECT, its own id).

    `hash` is that of the stream's last entry. At `returns_at` it goes back to `returns_to` by itself.
    """

    instance = models.CharField(_("zone copy"), max_length=80)
    zone = models.CharField(_("zone"), max_length=64)
    object_id = models.CharField(_("object"), max_length=64)
    definition = models.CharField(_("kind"), max_length=64)
    state = models.CharField(_("state"), max_length=48)
    version = models.PositiveIntegerField(_("version"), default=0)
    hash = models.BinaryField(default=bytes(32))
    changed_at = models.DateTimeField(_("changed"), default=clock.utc_now)
    returns_at = models.DateTimeField(_("goes back"), null=True, blank=True)
    returns_to = models.CharField(_("goes back to"), max_length=48, blank=True, default="")

    class Meta:
        verbose_name = _("object")
        verbose_name_plural = _("objects")
        default_permissions = ("view",)
        permissions = (("reset_object", "Can put an object back"),)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instance", "object_id"], name="object_once_in_a_copy"),
            models.CheckConstraint(
                condition=models.Q(returns_at__isnull=True) | ~models.Q(returns_to=""),
                name="object_returns_to_a_state",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["instance", "returns_at"],
                name="object_due",
                condition=models.Q(returns_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instance}/{self.object_id}"


class ObjectSnapshot(models.Model):
    """How an object stood after so many events, so that no read has to begin at the first one."""

    object = models.ForeignKey(WorldObject, on_delete=models.CASCADE, related_name="snapshots")
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=48)
    at = models.DateTimeField(_("at"))

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["object", "version"], name="object_snapshot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} at {self.version}: {self.state}"


class CopyFlag(models.Model):
    """A number that content keeps about a zone copy."""

    instance = models.CharField(_("zone copy"), max_length=80)
    key = models.CharField(_("flag"), max_length=48)
    value = models.BigIntegerField(_("value"))

    class Meta:
        verbose_name = _("flag of a zone copy")
        verbose_name_plural = _("flags of zone copies")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instance", "key"], name="copy_flag_once"),
        ]

    def __str__(self) -> str:
        return f"{self.instance}: {self.key} = {self.value}"


class Cooldown(models.Model):
    """Until when a character has to wait for something; `times` counts how often it has done it."""

    character_id = models.BigIntegerField(_("character"))
    key = models.CharField(_("cooldown"), max_length=48)
    until = models.DateTimeField(_("until"))
    times = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["character_id", "key"], name="cooldown_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.key}"


class Vitality(models.Model):
    """What is left of a character's hit points out of battle, in parts of ten thousand, at `measured_at`.

    Since then it regains `pace` parts a minute. Monsters spare it until `spared_until`. Who has no row
    misses nothing.
    """

    character_id = models.BigIntegerField(_("character"), primary_key=True)
    health = models.PositiveSmallIntegerField(_("health"), default=10_000)
    measured_at = models.DateTimeField(_("measured"), default=clock.utc_now)
    pace = models.PositiveIntegerField(_("pace"), default=0)
    is_resting = models.BooleanField(_("resting"), default=False)
    spared_until = models.DateTimeField(_("spared until"), null=True, blank=True)

    class Meta:
        verbose_name = _("health")
        verbose_name_plural = _("health")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(health__lte=10_000), name="health_at_most_whole"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("character_id", name="vitality_resting", condition=models.Q(is_resting=True)),
        ]

    def __str__(self) -> str:
        return f"{self.character_id}: {self.health}"


class CalendarEvent(models.Model):
    """An event of the calendar: on by its window, or on or off as a game master says, perhaps for a time."""

    class Mode(models.TextChoices):
        CALENDAR = "calendar", _("by the calendar")
        ON = "on", _("on")
        OFF = "off", _("off")

    event = models.CharField(_("event"), max_length=64, primary_key=True)
    mode = models.CharField(_("set"), max_length=8, choices=Mode.choices, default=Mode.CALENDAR)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    changed_by = models.CharField(_("by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("calendar event")
        verbose_name_plural = _("calendar events")
        default_permissions = ("view",)
        permissions = (("switch_event", "Can open and close events of the calendar"),)

    def __str__(self) -> str:
        return self.event
