//! Signatures, footers, disclaimers, forms.

use super::check;

#[test]
fn signatures() {
    check(&[
        ("proper", "~ Please merge.\n.\n. -- \n. Jane Doe\n. Example Inc.\n"),
        ("trimmed", "~ Please merge.\n. --\n. Jane Doe\n"),
        (
            "above a quote",
            "~ Please merge.\n. -- \n. Jane Doe\n.\n. On 1 Jan 2019, Joe wrote:\n. > Hi\n~ Another remark.\n",
        ),
        ("signed mail", "~ Please merge.\n. - -- \n. Jane Doe\n"),
        ("name behind dashes", "~ Please merge.\n.\n. -- Jane\n"),
        ("sign-off stays", "~ Please merge.\n.\n~ Regards,\n~ Jane\n"),
        ("telephone", "~ Please merge.\n.\n. Sent from my iPhone\n"),
        ("telephone, German", "~ Bitte aufnehmen.\n.\n. Von meinem iPhone gesendet\n"),
        ("telephone, French", "~ Merci.\n.\n. Envoyé de mon iPhone\n"),
        (
            "sent from is also a sentence",
            "~ Sent from my side there is nothing else to say about it, and so I ask you to merge it.\n",
        ),
        ("an option is no signature", "~ Use -- to end options.\n"),
    ]);
}

#[test]
fn list_and_tracker_footers() {
    check(&[
        (
            "mailman",
            "~ Please merge.\n.\n. _______________________________________________\n. devel mailing list\n. devel@lists.example.org\n. https://lists.example.org/mailman/listinfo/devel\n",
        ),
        (
            "unsubscribe",
            "~ Please merge.\n. _______________________________________________\n. users mailing list -- users@lists.example.org\n. To unsubscribe send an email to users-leave@lists.example.org\n",
        ),
        (
            "majordomo",
            "~ Please merge.\n. --\n. To unsubscribe from this list: send the line \"unsubscribe devel\" in\n. the body of a message to majordomo@example.org\n. More majordomo info at  http://example.org/majordomo-info.html\n",
        ),
        (
            "group",
            "~ Please merge.\n.\n. -- \n. You received this message because you are subscribed to the Google Groups \"devel\" group.\n. To unsubscribe from this group and stop receiving emails from it, send an email to devel@example.org.\n",
        ),
        (
            "tracker",
            "~ Please merge.\n.\n. —\n. Reply to this email directly, view it on GitHub, or unsubscribe.\n. You are receiving this because you authored the thread.\n",
        ),
        (
            "attachment notes",
            "~ Please merge.\n. -------------- next part --------------\n. A non-text attachment was scrubbed...\n. Name: a.patch\n. Type: text/x-patch\n. Size: 120 bytes\n. Desc: not available\n. URL: <http://example.org/a.patch>\n",
        ),
        (
            "text behind an attachment note",
            "~ Please merge.\n. -------------- next part --------------\n. An HTML attachment was scrubbed...\n. URL: <http://example.org/a.html>\n.\n~ And a last word.\n",
        ),
        ("html deleted", "~ Please merge.\n.\n. \t[[alternative HTML version deleted]]\n"),
        ("attachment", "~ Please merge.\n. [attachment: a.patch]\n. [image: image.png]\n"),
        ("own request", "~ Please unsubscribe me from this list.\n"),
        ("drawn line", "~ One\n. ----------\n~ Two\n. ======\n~ Three\n"),
        (
            "dmarc",
            ". The sender domain has a DMARC Reject/Quarantine policy which disallows\n. sending mailing list messages using the original \"From\" header.\n.\n. To mitigate this problem, the original message has been wrapped\n. automatically by the mailing list software.\n~ Please merge.\n",
        ),
    ]);
}

#[test]
fn disclaimers() {
    check(&[
        (
            "English",
            "~ Please merge.\n.\n. This e-mail and any attachments may be confidential and are meant for the intended recipient alone.\n. If you have received this e-mail in error, please notify the sender and delete it.\n",
        ),
        (
            "German",
            "~ Bitte aufnehmen.\n.\n. Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind,\n. vernichten Sie diese Mail.\n",
        ),
        (
            "one phrase is no disclaimer",
            "~ I sent you the report in confidence, it is confidential, and still nobody answered me.\n",
        ),
    ]);
}

#[test]
fn forms() {
    check(&[
        (
            "bug report",
            ". ### Steps to reproduce\n.\n~ Start it and wait.\n.\n. ### Expected behavior\n.\n. _No response_\n.\n. - [x] I have searched the existing issues\n. - [ ] I have read the documentation\n",
        ),
        (
            "bold headings",
            ". **Describe the bug**\n. A clear and concise description of what the bug is.\n~ It crashes.\n. **To Reproduce**\n. Steps to reproduce the behavior:\n~ 1. Start it.\n. 4. See error\n",
        ),
        ("jira headings", ". h3. Steps to Reproduce\n~ Start it.\n"),
        ("own headings", "~ ## Please hand this over\n.\n~ It is time.\n"),
        ("own checklist", "~ - [ ] merge this at last, you promised\n~ - [x] wait for two years\n"),
    ]);
}
