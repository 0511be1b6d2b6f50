-- What was read holds each state of a message that a run saw, some of them twice. Here is the latest of each.
CREATE MATERIALIZED VIEW messages AS
SELECT * EXCEPT (place) FROM (
  SELECT *, row_number() OVER (
    PARTITION BY team_id, channel_id, id ORDER BY lastModifiedDateTime DESC NULLS LAST
  ) AS place FROM messages_read
) WHERE place = 1;

CREATE MATERIALIZED VIEW message_replies AS
SELECT * EXCEPT (place) FROM (
  SELECT *, row_number() OVER (
    PARTITION BY team_id, channel_id, parent_message_id, id ORDER BY lastModifiedDateTime DESC NULLS LAST
  ) AS place FROM message_replies_read
) WHERE place = 1;
