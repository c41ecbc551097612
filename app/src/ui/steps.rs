//! The five steps of a case, from open to completed, or to where it ended otherwise.

use super::{Icon, html::Html, status_look, status_words};
use aivalid_model::{Lang, cases::CaseStatus};
use leptos::prelude::*;

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Done,
    Here,
    Stopped,
    Ahead,
}

/// The states that a case goes through when all goes well.
const WAY: [CaseStatus; 5] =
    [CaseStatus::Open, CaseStatus::OfferAccepted, CaseStatus::FundsLocked, CaseStatus::ArtifactSubmitted, CaseStatus::Completed];

/// The steps as they stand. Where a case left the way, its end takes the place of what did not happen.
fn steps(status: CaseStatus) -> Vec<(CaseStatus, Place)> {
    let (behind, end) = match status {
        CaseStatus::Cancelled => (1, vec![]),
        CaseStatus::Disputed => (3, vec![(CaseStatus::Completed, Place::Ahead)]),
        CaseStatus::Refunded | CaseStatus::Expired => (3, vec![]),
        on_the_way => {
            let here = WAY.iter().position(|step| *step == on_the_way).unwrap_or(0);
            let place = |index: usize| match index.cmp(&here) {
                std::cmp::Ordering::Less => Place::Done,
                // Nothing comes after completed: it is not where one waits.
                std::cmp::Ordering::Equal if on_the_way == CaseStatus::Completed => Place::Done,
                std::cmp::Ordering::Equal => Place::Here,
                std::cmp::Ordering::Greater => Place::Ahead,
            };
            return WAY.iter().enumerate().map(|(index, step)| (*step, place(index))).collect();
        }
    };
    let done = WAY.iter().take(behind).map(|step| (*step, Place::Done));
    done.chain([(status, Place::Stopped)]).chain(end).collect()
}

/// The steps of a case. `note` gives the small words under a step, such as its date.
#[component]
pub fn Steps<N: Fn(CaseStatus) -> Option<String>>(lang: Lang, status: CaseStatus, note: N) -> impl IntoView + use<N> {
    let items = steps(status).into_iter().map(|(step, place)| {
        let (icon, hidden) = match place {
            Place::Done => ("circle-check", Some(tr!(lang, "steps.done"))),
            Place::Here => ("circle-dot", Some(tr!(lang, "steps.here"))),
            Place::Stopped => (status_look(step).1, Some(tr!(lang, "steps.stopped"))),
            Place::Ahead => ("circle", None),
        };
        let class = match place {
            Place::Done => Some("done"),
            Place::Stopped => Some("stopped"),
            Place::Here | Place::Ahead => None,
        };
        let hidden = hidden.map(|words| view! { <span class="visually-hidden">" ("{words}")"</span> });
        let small = note(step).map(|words| view! { <small>{words}</small> });
        let here = (place == Place::Here).then_some("step");
        view! { <li class=class aria-current=here><Icon name=icon/><span>{status_words(lang, step)}{hidden}</span>{small}</li> }
    });
    Html::of(
        view! { <div class="steps-box card"><ol class="steps" aria-label=tr!(lang, "steps.label")>{items.collect::<Vec<_>>()}</ol></div> },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(status: CaseStatus) -> String {
        let mark = |place| match place {
            Place::Done => '+',
            Place::Here => '*',
            Place::Stopped => '!',
            Place::Ahead => '.',
        };
        steps(status).into_iter().map(|(_, place)| mark(place)).collect()
    }

    #[test]
    fn every_state_has_its_line() {
        let lines = CaseStatus::ALL.map(line);
        assert_eq!(lines, ["*....", "+*...", "++*..", "+++*.", "+++!.", "+++++", "+++!", "+++!", "+!"]);
    }
}
