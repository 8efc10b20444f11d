"""What matching can be asked about rankings, and who decides it."""

from services.foundation.aggregate import Route, Routes
from services.matching.contract import ExplainPair, RecordTrial, SetWeights, TryWeights
from services.matching.explanation import Explanation, PairOf, explaining
from services.matching.ranking_weights import RankingWeights, WeightsTrial


def ranking_routes(pair_of: PairOf) -> Routes:
    """The table. An explanation needs to know what other streams say."""
    return {
        SetWeights: Route(RankingWeights, RankingWeights.set_weights, creates=True),
        TryWeights: Route(WeightsTrial, WeightsTrial.begin, creates=True),
        RecordTrial: Route(WeightsTrial, WeightsTrial.record),
        ExplainPair: Route(Explanation, explaining(pair_of), creates=True),
    }
