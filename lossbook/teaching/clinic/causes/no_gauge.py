"""Losses whose value does not tell how far training has come: GAN, reinforcement learning, diffusion, VAE."""

from ..cause import Cause

GAN_WON = Cause(
    key="gan-won",
    name="GAN, discriminator near 0: it has won, and the generator learns little or nothing",
    test="Look at what the discriminator says to real and to generated samples.",
    code="""with torch.no_grad():
    print(torch.sigmoid(D(real)).mean().item(), torch.sigmoid(D(fake)).mean().item())""",
    shows="Near 1 and near 0, for many steps.",
    cure="Weaken it: fewer or smaller steps, noise on its inputs, smoothed real labels, a "
    "gradient penalty or spectral "
    "normalization; and train the generator with the non-saturating loss.",
    fix="""loss_G = F.binary_cross_entropy_with_logits(D(G(z)), torch.ones(len(z), 1))
layer = nn.utils.parametrizations.spectral_norm(nn.Linear(64, 64))""",
    passage="significance#why-is-a-gan-s-discriminator-loss-of-0-a-failure",
)

GAN_BALANCE = Cause(
    key="gan-balance",
    name="GAN, losses that hover: log 4 = 1.386 says that the discriminator cannot tell, not "
    "that the samples are good",
    test="Look at samples from the same noise at each checkpoint, and at their variety.",
    shows="The two losses stay, while the samples improve, or all become the same (mode collapse).",
    cure="Judge by samples and by a distance between features of real and generated ones, such "
    "as FID, always with the same "
    "number of samples.",
    passage="significance#why-is-a-gan-s-discriminator-loss-of-0-a-failure",
)

MOVING_TARGET = Cause(
    key="moving-target",
    name="Reinforcement learning: the targets, or the data, come from the model itself",
    test="Plot the return of whole episodes, over several seeds.",
    shows="The return rises while the loss is flat or rises: new states are visited, and the "
    "targets of Q-learning grow with the values.",
    cure="Judge by the return on evaluation episodes, without exploration. Watch the loss only "
    "for NaN and explosions; for policy "
    "gradients also the entropy and the divergence from the old policy.",
    passage="significance#q-learning-the-loss-is-flat-yet-the-agent-improves",
)

GRPO_ZERO = Cause(
    key="grpo-zero",
    name="GRPO and PPO, loss at 0: its value is 0 by construction, its gradient is not",
    test="Print the value and the norm of the gradient, at the first step after sampling.",
    code="""loss.backward()
norm = torch.nn.utils.clip_grad_norm_(model.parameters(), float("inf"))  # clips nothing
print(loss.item(), norm.item())""",
    shows="0 (or −0, or a rounding error), and a norm that is not: the ratio is 1 there, and the advantages "
    "of a group sum to 0. (TRL's default `dapo` weights by tokens: not 0 where the lengths differ.) "
    "With a penalty for the divergence the loss rises from 0, as the model leaves its "
    "reference. (A norm of 0 too: equal rewards, or nothing is trained.)",
    cure="Watch the mean reward, the divergence, the length of the answers, and the norm of the "
    "gradient.",
    passage="significance#grpo-the-loss-starts-at-0-and-rises-is-that-right",
)

SAME_REWARDS = Cause(
    key="same-rewards",
    name="GRPO, gradient at 0 too: all answers of a group have the same reward",
    test="Print the spread of the rewards within each group.",
    code="""print((rewards.std(dim=1) < 1e-6).float().mean().item())  # a row for each group""",
    shows="A share near 1: these groups teach nothing. (TRL logs it as `frac_reward_zero_std`.)",
    cure="Tasks that are solved sometimes, neither always nor never; more answers a group; a "
    "reward with more steps than 0 and 1.",
    passage="significance#grpo-the-loss-starts-at-0-and-rises-is-that-right",
)

NOISE_LEVELS = Cause(
    key="noise-levels",
    name="Diffusion: the loss is a mean over noise levels, and most of it cannot fall",
    test="Print the loss by noise level, on fixed noise.",
    code="""losses = (model(x_t, t) - noise).square().flatten(1).mean(1)
for part in t.sort().indices.chunk(4):
    print(t[part].min().item(), t[part].max().item(), losses[part].mean().item())""",
    shows="The levels differ by factors; small gains at some of them drown in the noise of the mean.",
    cure="Plot it by level, with the same noise and levels at each evaluation. Judge by samples, "
    "drawn with an exponential mean "
    "of the weights, and by FID.",
    fix="""ema = torch.optim.swa_utils.AveragedModel(
    model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.999))
ema.update_parameters(model)  # after each step""",
    elsewhere=(
        ("JAX", "ema = optax.ema(0.999)  # of the parameters, after each step"),
        ("Keras", "keras.optimizers.Adam(1e-4, use_ema=True, ema_momentum=0.999)"),
    ),
    passage="significance#significance-no-gauge",
)

KL_COLLAPSE = Cause(
    key="kl-collapse",
    name="VAE, KL near 0: the decoder does without the code (posterior collapse)",
    test="Print the two terms, the KL by dimension.",
    code="""kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar)
print(kl.mean(dim=0))""",
    shows="Nearly all dimensions near 0.",
    cure="Raise the weight of the KL from 0 over the first passes, or leave each dimension some "
    "of it for free; weaken the decoder.",
    fix="""beta = min(1.0, step / 10_000)
loss = reconstruction + beta * kl.sum(dim=1).mean()""",
    passage="significance#vae-the-kl-term-falls-to-0-sum-or-mean",
)

SUM_AND_MEAN = Cause(
    key="sum-and-mean",
    name="VAE: one term is a mean over pixels, the other a sum over dimensions",
    test="Print both terms with their counts.",
    code="""print(F.mse_loss(recon, x).item(), kl.sum(dim=1).mean().item(), x[0].numel())""",
    shows="A mean over the pixels: the KL then weighs more than it should, by the number of pixels.",
    cure="Sum both over their dimensions, and take the mean over the batch.",
    fix="""reconstruction = F.mse_loss(recon, x, reduction="none").flatten(1).sum(1).mean()
loss = reconstruction + kl.sum(dim=1).mean()""",
    passage="significance#vae-the-kl-term-falls-to-0-sum-or-mean",
)

ACTOR_CRITIC = Cause(
    key="actor-critic",
    name="PPO, A2C, SAC: value loss rising, entropy loss negative, policy loss near 0",
    test="Plot the return, the explained variance of the critic, and the entropy.",
    shows="The return rises and the explained variance is above 0: the value loss grows with the returns, "
    "and minus an entropy is negative (for continuous actions it may have any sign).",
    cure="Nothing, if the return rises. Scale the rewards if the value loss drowns the rest; raise the weight of "
    "the entropy if that has gone near its least value within a few updates.",
    passage="significance#significance-actor-critic",
)

VOCODER = Cause(
    key="vocoder",
    name="A vocoder or voice (HiFi-GAN, VITS): the generator's total rises",
    test="Compute the error of the mel spectrogram on the same validation files at each checkpoint.",
    shows="It falls, or stays, while the total rises: the adversarial term is measured against "
    "discriminators that learn.",
    cure="Stop by the mel error and by listening to the same sentences, not by the total.",
    passage="significance#significance-vocoder",
)

FLOW_FLOOR = Cause(
    key="flow-floor",
    name="Flow matching: the target is not certain, and the loss has a floor far above 0",
    test="Compare with the loss of saying 0, and plot it by time on fixed pairs.",
    shows="It lies between the two: for normal data of spread 1, saying 0 costs 2, and perfect is 1.57.",
    cure="Judge by samples from fixed noise. Samples that are noise, at a loss that is low, are a sampler that "
    "walks against the target's sign.",
    passage="significance#significance-flow",
)

CODEBOOK = Cause(
    key="codebook",
    name="VQ-VAE: the commitment loss rises, or few codes are in use",
    test="Compute the perplexity of the shares of the codes in a batch.",
    shows="A perplexity (about the number of codes in use) far below the size of the codebook: it has collapsed. "
    "The commitment loss itself only says how far the encodings have spread.",
    cure="Start the codes at encodings, put unused ones on encodings of the batch, move codes by running means, "
    "or take fewer dimensions.",
    passage="significance#significance-vqvae",
)
