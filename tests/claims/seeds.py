"""Comparisons of things that were trained or sampled, each held over several seeds in one line.

    over_seeds(lambda seed: accuracy("A", seed) - accuracy("B", seed), above=0)

Every comparison of the book, by chapter, and the test (or the cell of the chapter) that holds it:

fundamentals
- the sample's own loss against the risk of its choice: `test_optimism` (40,000 samples),
  `test_some_draws_err_on_the_other_side`, `test_most_draws_praise_themselves` (48 draws)
- a memory against a constant and a plane, on strangers: `test_a_memory_on_strangers` (10 foldings)
- one trained model, its loss by the size of the batches: the solution's cell of that exercise
- area under the curve, trained by samples and by pairs: `test_pairs_gain_nothing_on_the_tumors`
  (15 splits)

significance
- arrows under the log loss and the Brier score: `test_arrows_where_most_calls_are_wrong` (81 starts),
  `test_the_surer_and_wrong_the_shorter_the_arrow_of_the_brier_score` (20 directions)
- error of a batch's arrow by step and size: `test_the_error_of_the_arrow_is_that_of_drawn_batches`
  (5 seeds); the share of uphill batches misleads: `test_uphill_batches_are_no_measure` (5 seeds)
- needles after 300 steps: `test_the_needles_point_to_all_sides` (5 seeds); the noise of a model that
  fits every sample: `test_no_noise_is_left_where_every_sample_is_fitted` (5 seeds)
- thirty measurements against one, and how sure its mistakes are: `test_the_contest_in_ten_foldings`,
  `test_mistakes_made_with_certainty` (10 foldings)
- naive and honest bars, random splits: `test_bars_of_random_splits` (5 seeds of 400 laboratories)
- naive and honest bars, folds: `test_bars_of_folds` (5 seeds of 400 laboratories)
  with forty inputs: `test_bars_of_folds_where_much_hangs_on_the_training_set` (5 seeds of 200)
- the three judges: `test_three_judges_at_each_setting` (all states), `test_verdicts_of_ten_rounds`
  (5 sets of ten rounds), one round by itself: a hidden cell (10 rounds)
- 64 inputs, the ten measurements, ridge and lasso: `test_products_and_penalties_in_six_splits`
- the formula for the penalty and wrong factors: `test_a_factor_of_two` (5 seeds in 7 worlds),
  `test_a_factor_of_two_in_two_thousand_worlds` (5 seeds)
  a factor of four: `test_a_factor_of_four_hardly_costs_with_many_samples` (5 seeds)
- the exercise on the gap: `test_the_table_of_the_gap` (5 starts)
- a network with and without early stopping and weight decay: the cell `network-check` (5 seeds),
  `test_brakes_on_a_network_at_other_seeds` (8 more)
- the exercise on two policies: `test_a_rising_loss_and_a_dead_one_in_grpo` (5 seeds)

mse
- four losses on the diabetes data, three of them nearly tied, squares ahead in absolute errors:
  `test_the_contest_however_the_folds_are_drawn` (8 drawings of the folds)
- Gaussian noise in place of the residuals, squares ahead in absolute errors:
  `test_gaussian_noise_favors_the_mean` (12 seeds)
- Engel's lines for 10 and 90 percent: `test_the_lines_fan_out` (10 bootstrap samples)
- the split with an R2 of 0.36 against others, and the RMSE against the mean's:
  `test_one_split_is_a_lottery_ticket` (100 splits)
- the mean against the median as an estimate, under Gaussian and under Laplace noise:
  `test_the_median_needs_more_samples` (6 seeds)
- the mean of roots against the root of the mean: `test_the_mean_of_roots` (50 seeds)
- a draw against the mean of images: `test_a_draw_from_the_right_distribution_costs_twice_the_mean`
  (5 distributions)

cross_entropy
- the volume, loud against soft, and under a stronger penalty: `test_other_cuts_of_the_tumors`
  (16 cuts)
- the loss of a fresh network: `test_fresh_networks_start_near_log_10` (5 seeds, two activations)
- three losses on the digits, within about a point: the cell `digits-check` (5 seeds)
- from a sure and wrong start, cross-entropy against squared error: `test_stuck_digits`
  (5 starts, three step sizes, and Adam)
- 300 against 2,000 epochs on the moons: `test_training_on_makes_bolder_and_no_better` (5 samples)
- label smoothing and the focal loss, bold or timid: the cell `temperatures-check` (5 samples)
- a temperature for the digits: `test_a_temperature_for_the_digits` (10 seeds)
- three losses on the tumors in cross-validation: `test_the_contest_however_the_folds_are_drawn`
  (6 drawings, two kinds of folds)
- the same three with a curve fitted afterward: `test_the_curve_is_most_of_the_difference`
  (6 drawings)
- one softmax against two: `test_two_softmaxes` (20 seeds)
- the length of the gradient in the logits, below the root of 2: `test_the_length_of_the_gradient`
  (5 seeds)
- labels that share a softmax: `test_labels_that_share_a_softmax` (200 draws)

hinge
- the cases that count, with the same C and with the same lambda, against the logistic loss:
  `test_cases_off_the_street_can_go` (6 divisions)
- mistakes by lambda, on clouds and on tumors: `test_mistakes_hardly_care_about_lambda` (10 clouds,
  5 divisions)
- raw scores and Platt's curves by lambda: `test_how_bold_a_score_is_depends_on_lambda` (5 halvings)
- five losses on the tumors: `test_five_losses_are_no_ranking` (5 divisions into folds)
- columns as they came against columns of one size: `test_columns_of_one_size` (5 and 10 divisions)
- wrong labels: `test_who_gives_way_to_wrong_labels` (20 clouds), `test_who_gives_way_in_fresh_clouds`
  (30 more; two more penalties; deepest by the true direction), and at random (20 clouds)
- a border at one half: `test_a_border_at_one_half` (5 divisions into folds)

optimization
- floors by rate and batch: `test_the_floor_goes_by_rate_over_batch` (5 draws)
- a decay against constant rates, by horizon: `test_a_decay_and_the_constant_rates` (5 draws)
- no floor where the samples agree: the cell `c016a` (5 draws)
- axes against turned ravine, each at its best rate: `test_who_notices_that_the_ravine_is_turned`
  (16 starts; nothing else is drawn)
- RMSProp and Adam thrown out: `test_a_fading_memory_throws_the_walk_out` (16 starts)
- a network in turned coordinates: `test_the_network_in_turned_coordinates` (10 starts)
- L2 in the gradient against AdamW: `test_the_penalty_that_adam_divides_away` (5 draws)
- seven optimizers, heights and windows: `test_the_best_rates_read_nearly_the_same` (5 starts, and 10
  fresh ones for the best and the worst), `test_the_windows_of_good_rates` (5 fresh starts)
- schedules: `test_schedules` (10 starts) and the cell `c037` (5 starts)
- shut rectifiers: `test_shut_rectifiers` (5 fresh starts) and the cell `c037` (5 starts)
- Adam's first step at 0.2: `test_adams_first_step_at_a_large_rate` (5 and 10 starts)
- rectifiers that stay shut: `test_what_is_shut_after_the_first_pass_is_shut_after_the_twentieth`
  (5 starts, 3 schedules)
- depth and activation: `test_the_gradient_by_depth` (5 starts)
- curvature of the slice: `test_the_slice_hides_the_steep_directions` (5 starts)
- sum against mean: `test_a_sum_where_a_mean_was` (20 batches)
- one weight after the other: `test_one_weight_after_the_other` (25 starts)
- more momentum at the same rate and at a tenth of it:
  `test_more_momentum_where_the_rate_was_too_low_and_where_it_was_good` (5 starts)
- the waves of the exercise: `test_waves_of_a_schedule_that_is_stepped_once_a_batch` (5 starts)

custom_losses
- the bill against least squares and against one dial, 15 cases:
  `test_the_bill_beats_least_squares_at_each_split_and_price`
- the cheapest margin and the share of months, five prices:
  `test_the_cheapest_margin_is_the_quantile_to_a_percent`
- linex against pinball, against squared error, and against squared error with a dial, six shuffles:
  `test_linex_and_pinball_tie`, `test_squared_error_starves_some_family`,
  `test_one_dial_on_least_squares_is_not_enough`
- a zero too many, six records: `test_a_slip_moves_linex_a_hundred_times_as_far`
- the digits of the three differences, five places: `test_the_digits_of_three_differences`
- where Barron's loss keeps a search among the wrong years, seven shapes and five scales:
  `test_a_loss_that_is_not_convex_keeps_a_search_where_it_began`
- what the likelihood's dial says, each year left out: `test_the_likelihood_s_dial_with_each_year_left_out`
- a weight against a threshold, six shuffles, seven prices:
  `test_a_weight_and_a_threshold_differ_by_luck`, `test_the_weight_is_undone_by_its_factor`
- a network trained by the bill against squared error, a margin and a factor, ten starts:
  `test_a_network_trained_by_the_bill`
- beta-NLL against the likelihood, five starts and five fresh ones: the cell `beta-network-check`,
  `test_a_large_variance_excuses_a_bad_mean`
- captions, over the states of their sliders: `test_captions_hold_in_every_state`

challenges
- the six diagnoses, five seeds: `test_the_diagnoses_do_not_hang_on_the_run`
- the first pass of patient C, measured with one function, five seeds:
  `test_the_first_pass_of_c_measured_with_one_function`
- Tukey's loss is not beaten, its search is, 15 settings: `test_the_search_is_beaten_not_the_loss`
- Tukey's loss from many starts, seven numbers of bad years:
  `test_many_starts_survive_seven_of_sixteen`
- one stray value and two valleys, every state: `test_captions_hold_in_every_state`
- the penalty and the unit, every state: `test_the_penalty_follows_the_unit`
- weight against threshold, and the weight undone, six splits:
  `test_a_weight_moves_the_threshold_and_little_else`; what the penalty holds back of it, five:
  `test_the_penalty_holds_back_what_the_weight_moves`
- one in a thousand, five seeds, four descents: `test_a_prior_bias_saves_the_first_pass`
- labels that lie, five and fifteen seeds: `test_lies_are_learned_last`,
  `test_the_loss_on_lying_labels_falls_and_rises`, `test_no_lies_no_difference`,
  `test_a_penalty_survives_lies_too`, `test_judges_that_lie_choose_the_penalty`,
  `test_fewer_judges`
- learned by heart, ten draws: `test_stopping_is_paid_for_in_samples`
- stopping and shrinking, 20 and 200 choices of patients:
  `test_stopping_is_a_penalty_for_every_number_of_steps`, `test_stopped_and_penalized_are_as_good`
- choosing before dividing, six seeds: `test_chosen_before_divided`
- the seventh patient, six seeds: `test_another_unit_leaves_the_share`
- empty masks, five seeds: `test_a_mask_that_is_empty_above_one_half`
- newer remedies for wrong labels, five and ten seeds: `test_newer_remedies_for_labels_that_lie`,
  `test_what_cleaning_leaves_out`
- newer remedies for few images, twenty draws: `test_newer_remedies_for_few_images`,
  `test_what_augmentation_reads`

training
- five precisions, five starts and five fresh ones: the cell `half-check`,
  `test_precisions_from_fresh_starts`
- the root of the mean square against the mean square, five draws:
  `test_the_root_circles_where_everything_can_be_fitted`
- the last bias, five starts and five fresh ones: `test_the_caption_of_where_it_starts`,
  `test_a_bias_at_the_base_rate`, `test_a_regression_that_starts_at_zero_is_thrown_out`
- what tells the causes of one answer to all, five starts: `test_three_numbers_tell_the_causes`
- slips that one batch shows, five fresh starts: `test_slips_stay_above_the_floor`
- training and validation loss by what is on and when it is taken: `test_the_caption_of_two_curves`
  (5 starts), `test_the_mean_over_a_pass_is_older` (10 starts)
- a training part that is harder: `test_with_shifts_the_training_part_is_the_harder_one` (10 splits)
- small validation sets, five fresh starts: `test_small_splits_are_a_lottery`
- the validation loss rises, and the accuracy: `test_surer_and_wrong` (10 starts)
- teeth of a saw, five fresh starts: `test_teeth_have_the_size_of_chance`
- the clipped gradient, the clipped loss: `test_a_clipped_loss_leaves_images_unlearned` (5 fresh starts)

sequences
- a network against counts of one, two and five letters, and where in a word it pays: the cells
  `network-check`, `costs-check` (5 unread chapters, a seed each)
- perplexity per token and bits per byte by merges: the cell `perplexity-check`,
  `test_caption_cut_finer_or_coarser` (5 unread chapters)
- one cut against the sum over all cuts: the cell `marginal` (5 chapters)
- smoothing and z-loss against neither: the cell `smoothing-term-check` (5 unread chapters)
- smoothing a network that has learned a short text by heart:
  `test_smoothing_helps_a_network_that_has_learned_a_short_text_by_heart` (5 unread chapters)
- the teacher's pull by temperature: the cell `teacher-check`, `test_caption_pull_of_the_teacher`
  (5 pairs of networks and 5 fresh ones)
- a student with and without a teacher: the cell `taught-check`,
  `test_a_student_reads_more_digits_with_a_teacher` (5 divisions and 5 fresh ones)
- blanks, then letters, then peaks: the cell `peaks-check`,
  `test_nothing_but_blanks_and_then_letters_in_other_worlds` (5 worlds and 5 fresh ones)
- the stage of blanks with half the steps: `test_fewer_steps_shorten_the_stage_of_blanks` (5 worlds)
- the best path against the best word: the cell `best-word-check`,
  `test_the_best_word_is_right_more_often_than_that_of_the_best_path` (5 worlds and 5 fresh ones)
- the exercise on samplers: `test_the_table_of_the_samplers` (5 draws)

conclusion
- a level against a middle, a middle against a middle (text, caption of `four_examiners`, "In five lines"):
  `test_what_is_asked_weighs_more_than_which_loss_asks`, 20 random halves of the families
- who wins its own column, and by how much more than luck (text, second table):
  `test_whether_a_namesake_wins_is_luck`, 20 random halves; the cell after the table, standard errors
- four losses and one wrong label (text, caption of `wrong_label`):
  `test_one_wrong_label_in_other_moons`, 10 draws of the moons; `test_caption_wrong_label`, all states
- the same under a tenth and ten times the penalty (text), 10 draws each:
  `test_under_other_penalties_the_hinge_turns_least_and_the_others_change_places`

comparisons
- semi-hard and hardest triplets: `test_semi_hard_triplets_learn_and_the_hardest_collapse`, the cell
  `c003a` (5 divisions and starts, and 5 fresh ones)
- losses on the digits, in the plane and in 8 numbers: `test_losses_on_the_digits` (10 divisions)
- the hardest at a tenth of the rate:
  `test_at_a_tenth_of_the_rate_the_hardest_wait_at_the_margin_and_leave_it` (10 divisions)
- what random triplets and low temperatures cost at the start:
  `test_random_triplets_start_below_the_margin` (20 and 5 divisions)
- the hardest triplets, random ones, shrunk ones: `test_collapse_lies_downhill` (5 and 10 embeddings)
- the push on false negatives by temperature: `test_caption_who_is_pushed` (5 runs)
- batches, their losses and what is recognized: `test_caption_what_the_batch_buys` (5 runs)
- temperatures, false negatives and their cures, steps for batches:
  `test_what_else_was_asked_of_the_batch` (5 runs)
- partners against images of their digit: `test_a_partner_is_no_fair_sample_of_its_digit` (5 runs)
- a sign reversed: `test_with_the_sign_reversed_the_digits_collapse_at_the_margin` (5 divisions)
- the layer before the last, as an embedding: `test_the_layer_before_the_last_does_worse_here`
  (5 runs)
- InfoNCE over a whole batch and over its halves: `test_halves_cost_less_than_the_whole` (5 draws)
- strengths against the home team alone: `test_strengths_forecast_better_than_a_coin_and_than_the_home_team_alone`
  (20 drawings of games)
- how often the chosen answer falls: `test_pairs_that_are_alike_drive_both_down` (5 fresh drawings)
- the exercise on two runs at the margin: `test_the_table_of_two_runs` (5 worlds)
"""

from collections.abc import Callable, Iterable

import numpy as np


def over_seeds(
    measure: Callable[[int], float],
    *,
    above: float | None = None,
    below: float | None = None,
    mean_above: float | None = None,
    mean_below: float | None = None,
    seeds: Iterable[int] = range(5),
    at_least: int | None = None,
) -> np.ndarray:
    """The values of `measure` at each seed, after asserting what is claimed of them.

    Parameters
    ----------
    measure : callable
        What is compared, at one seed: a difference, a ratio, a count.
    above, below : float
        Each value is strictly above, below this; if `at_least` is given, at least so many of them.
    mean_above, mean_below : float
        The mean is above, below this by at least twice its standard error.
    seeds : iterable of int
        Five or more.

    Raises
    ------
    AssertionError
        With all the values, where a claim fails, or where the seed changes nothing.
    """
    seeds = list(seeds)
    assert len(set(seeds)) >= 5, f"{len(set(seeds))} seeds; a comparison takes five or more"
    claims = (above, below, mean_above, mean_below)
    assert any(claim is not None for claim in claims), "nothing is claimed"
    values = np.array([float(measure(seed)) for seed in seeds])
    shown = f"values at the seeds {seeds}: {values.tolist()}"
    assert np.ptp(values) > 0, f"the seed changes nothing; {shown}"
    for limit, holds in [(above, np.greater), (below, np.less)]:
        if limit is not None:
            kept = int(holds(values, limit).sum())
            wanted = len(seeds) if at_least is None else at_least
            assert kept >= wanted, f"{holds.__name__} {limit}: {kept} of {len(seeds)}; {shown}"
    error = values.std(ddof=1) / np.sqrt(len(values))
    if mean_above is not None:
        assert values.mean() - 2 * error > mean_above, f"mean above {mean_above}; {shown}"
    if mean_below is not None:
        assert values.mean() + 2 * error < mean_below, f"mean below {mean_below}; {shown}"
    return values
