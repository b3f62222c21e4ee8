//! Money as actors see it: who paid whom, accounts put down to their holders.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::found::{actors, held, holdings};
use super::side::worth;
use crate::model::{Day, Kind, Layer, TieType};
use crate::network::ball::Ball;
use crate::network::{NodeIx, TieIx, TieRef};

/// One payment as the payer sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    pub to: NodeIx,
    pub amount: Option<f64>,
    /// The first and last day it may have been.
    pub days: Option<(Day, Day)>,
    /// What the payment and the holders of its accounts are worth.
    pub worth: f64,
    pub ty: TieType,
    /// The payment itself.
    pub tie: TieIx,
    /// Who holds its accounts: the payer's, and the other's.
    pub holders: [Option<TieIx>; 2],
}

/// What every actor paid, read once.
pub(super) struct Flows<'a> {
    ball: &'a Ball<'a>,
    quiet: f64,
    out: RefCell<BTreeMap<NodeIx, Rc<Vec<Flow>>>>,
    narrow: RefCell<BTreeMap<NodeIx, f64>>,
}

/// Ties of money that an actor has, those of his accounts with them.
pub(super) fn business(ball: &Ball<'_>, actor: NodeIx) -> u32 {
    let of_accounts = held(ball, actor, Kind::Account).map(|(account, _)| ball.degree(account, Layer::Money));
    ball.degree(actor, Layer::Money) + of_accounts.sum::<u32>()
}

const PAID: &[TieType] = &[TieType::Payment, TieType::Gift];

/// How many payments an actor received, refuted ones counted.
pub(super) fn received(ball: &Ball<'_>, actor: NodeIx) -> usize {
    let count = |node: NodeIx| ball.facing(node, PAID).filter(|(_, _, outward)| !outward).count();
    count(actor) + held(ball, actor, Kind::Account).map(|(account, _)| count(account)).sum::<usize>()
}

impl<'a> Flows<'a> {
    /// What is paid in a ball; an actor with `quiet` ties of money counts half as narrow as one with none.
    pub fn new(ball: &'a Ball<'a>, quiet: f64) -> Self {
        Self { ball, quiet, out: RefCell::default(), narrow: RefCell::default() }
    }

    /// What an actor paid, refuted payments with worth 0, in tie order.
    pub fn out(&self, actor: NodeIx) -> Rc<Vec<Flow>> {
        if let Some(flows) = self.out.borrow().get(&actor) {
            return Rc::clone(flows);
        }
        let flows = Rc::new(self.read(actor));
        self.out.borrow_mut().insert(actor, Rc::clone(&flows));
        flows
    }

    fn read(&self, actor: NodeIx) -> Vec<Flow> {
        let mut flows = Vec::new();
        let mut payers = vec![(actor, 1.0, None)];
        payers.extend(
            holdings(self.ball, actor, Kind::Account).into_iter().map(|(a, w, tie)| (a, w, Some(tie))),
        );
        for twin in self.ball.twins(actor) {
            payers.push((twin.node, twin.probability, None));
        }
        for (payer, held, holder) in payers {
            for (tie, paid, _) in self.ball.facing(payer, PAID).filter(|(_, _, outward)| *outward) {
                self.pay(actor, (tie, paid), held * worth(tie), holder, &mut flows);
            }
        }
        flows.sort_by_key(|flow| (flow.tie, flow.to));
        flows
    }

    fn pay(
        &self,
        actor: NodeIx,
        (tie, paid): (TieRef<'_>, NodeIx),
        worth: f64,
        holder: Option<TieIx>,
        flows: &mut Vec<Flow>,
    ) {
        for (to, held, to_holder) in actors(self.ball, paid) {
            if to != actor {
                flows.push(Flow {
                    to,
                    amount: tie.amount(),
                    days: tie.start().map(|start| (start.first(), start.last())),
                    worth: worth * held,
                    ty: tie.ty(),
                    tie: tie.ix(),
                    holders: [holder, to_holder],
                });
            }
        }
    }

    /// How narrow the way through an actor is, in (0, 1]: quiet go-betweens say much, hubs nothing.
    pub fn narrow(&self, actor: NodeIx) -> f64 {
        *self.narrow.borrow_mut().entry(actor).or_insert_with(|| {
            let quiet = self.quiet;
            quiet / (quiet + f64::from(business(self.ball, actor)))
        })
    }
}
