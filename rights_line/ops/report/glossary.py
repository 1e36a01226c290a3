"""The words of a report: the meaning of each count, and what it cannot show."""

GLOSSARY = {
    "Message": (
        "A text, a key pressed in a call or one step of a USSD session that reached the line from "
        "a provider. Messages are not people: one person may send twenty in ten minutes, and "
        "several people may share a phone. The daily sign of life, a message that the line sends "
        "itself, is one of them; messages of the simulator are not."
    ),
    "Answer": (
        "A screen that the line sent: the languages, a menu, a topic or a helpline. A screen of "
        "several USSD pages counts each time a page is shown. The short reply of a rate limit and "
        "the question which language to use are messages without an answer."
    ),
    "Language": (
        "The language of the answer, as it was chosen or recognised. It is not a nationality, and "
        "not the mother tongue. The first answer is in several languages, and so is that to the "
        "daily sign of life."
    ),
    "Topic, helpline": (
        "The subject of the screen, or the helpline whose number was asked for. Reading about a "
        "subject does not mean to be affected by it; nobody knows who called the number."
    ),
    "A short list, because the text was unclear": (
        'The line was not sure what a text meant, and offered up to four topics. "A number sent '
        'after a short list": the next text in that session began with the number of a topic. Its '
        "answer counts for that topic, too."
    ),
    "Thanks, what now and the like": (
        "The short reply to a text that names no need: thanks, what now, again, yes, no, I cannot "
        "read, wrong number, an insult."
    ),
    "<10": (
        "0 to 9. Every number is rounded down to a whole ten, so the truth is at most nine higher, "
        "and more if the line was restarted: each restart may lose up to nine answers of each "
        "language, topic and helpline. No total is given, because rounded numbers do not add up."
    ),
    "What the counts cannot show": (
        "How many people wrote, who they are, where, and whether they came back; whether they "
        "needed help, called a helpline or were helped; who wrote which message at what time. "
        "The line does not know it. Conversations, languages per day, and topics per language are "
        "not counted, because on a small line they would describe single people."
    ),
    "Published once": (
        "A quarter is reported when it is over, and its report is not corrected later: the "
        "difference of two versions could describe one person."
    ),
}
