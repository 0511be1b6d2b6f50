/** A question that people ask of their conversations, and the SQL that answers it. */
export interface DemoQuery {
  question: string
  sql: string
}

/** Posts and replies as one list, system events left out. */
const EVERYTHING = `everything AS (
    SELECT team_id, channel_id, id, id AS thread_id, "from".user.displayName AS author, createdDateTime, body.content AS text
    FROM microsoft_teams.messages WHERE messageType = 'message'
    UNION ALL
    SELECT team_id, channel_id, id, parent_message_id, "from".user.displayName, createdDateTime, body.content
    FROM microsoft_teams.message_replies WHERE messageType = 'message'
  )`

export const demoQueries: readonly DemoQuery[] = [
  {
    question: 'How many messages does each channel get in a week? (the busiest twelve)',
    sql: `WITH ${EVERYTHING}
SELECT teams.displayName AS team, channels.displayName AS channel,
  strftime(date_trunc('week', everything.createdDateTime), '%Y-%m-%d') AS week, count(*) AS messages
FROM everything
JOIN microsoft_teams.channels ON channels.team_id = everything.team_id AND channels.id = everything.channel_id
JOIN microsoft_teams.teams ON teams.id = everything.team_id
GROUP BY ALL ORDER BY messages DESC, week, team, channel LIMIT 12`,
  },
  {
    question: 'Which threads are answered most?',
    sql: `SELECT channels.displayName AS channel, messages."from".user.displayName AS asked_by, count(*) AS replies,
  left(regexp_replace(messages.body.content, '<[^>]*>', '', 'g'), 60) AS post
FROM microsoft_teams.message_replies AS replies
JOIN microsoft_teams.messages ON messages.team_id = replies.team_id
  AND messages.channel_id = replies.channel_id AND messages.id = replies.parent_message_id
JOIN microsoft_teams.channels ON channels.team_id = messages.team_id AND channels.id = messages.channel_id
WHERE messages.messageType = 'message'
GROUP BY channels.displayName, messages.team_id, messages.channel_id, messages.id, asked_by, post
ORDER BY replies DESC, messages.id LIMIT 8`,
  },
  {
    question: 'Who answers whom?',
    sql: `WITH ${EVERYTHING}
SELECT reply.author AS answers, post.author AS whom, count(*) AS times,
  round(median(date_diff('second', post.createdDateTime, reply.createdDateTime)) / 60) AS minutes_later
FROM everything AS reply
JOIN everything AS post ON post.team_id = reply.team_id AND post.channel_id = reply.channel_id AND post.id = reply.thread_id
WHERE reply.id <> reply.thread_id AND reply.author <> post.author
GROUP BY ALL ORDER BY times DESC, answers, whom LIMIT 10`,
  },
]
