"""Games: a quiz that people play together, led by a host, or everybody alone until a closing date.

Where things are; ``tests/test_docs.py`` holds this list against the folder.

- The life of a game: ``states`` (the table of moves), ``timing``, ``entering`` (what a phase begins with), ``options``,
  ``modes`` (what each way of playing adds), ``referee`` (who makes the moves of time), ``owning``, ``retention``.
- Points and places: ``scoring``, ``tally``, ``ranking``, ``credit`` (for slow lines), ``judging``, ``correction``.
- Ways of playing: ``teams`` and ``grouping``, ``survival``, ``voting`` (peer instruction), ``selfpaced``.
- Answers: ``answering`` (into the rows), ``intake`` (from the broker), ``pauses`` (which they came before),
  ``practice``, ``moderation``.
- What members are told: ``messages``, ``destinations``, ``snapshot``, ``telling``, ``presenting``, ``phonetext``,
  ``looks``, ``rights`` (who may hear it).
- The door: ``joining``, ``guessing`` (of PINs), ``doorkeys`` (in links), ``rates``, ``doors``, ``following`` (into the
  next game).
- Names: ``naming``, ``nicknames``, ``lookalikes``, ``reserved``, ``names`` (friendly ones), ``wordlists`` and
  ``unwanted``.
- People: ``people`` (what hosts do with them), ``cohosts``, ``presence``, ``needs`` and ``allowance`` (more time).
- In words, and afterwards: ``rulebook``, ``sheet``, ``results``, ``optionform``, ``errors``.
- The server: ``capacity``, ``yardstick`` and ``processors`` (how many it can hold), ``metrics``, ``health``.
- Rows: ``models``, ``rows`` (many at once), ``prepared`` (large queries), ``ids``, ``admin``.
- The outside: ``views``, ``urls``, ``templatetags``, ``management`` (commands), ``apps``.

Pure modules, which know no framework, network or clock, are listed in ``pyproject.toml``. The others read and change
rows; whatever changes a game does so within :meth:`Game.changing <quiz.play.models.game.Game.changing>`, or holds its
row (:meth:`Game.hold <quiz.play.models.game.Game.hold>`).
"""
