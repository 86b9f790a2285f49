/* Draws each `[data-chart]` of the page from the json_script block of that name; see reports/statistics/charts.py.
   Colours and fonts come from CSS custom properties, so the charts follow the light and the dark look.
   Whatever fails here leaves the words and the table that the page has already. */
(() => {
  "use strict";

  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const language = document.documentElement.lang || "zh-CN";
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const exact = new Intl.NumberFormat("en-US");
  const HEAD = 96;

  const property = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const words = (value) => (value === null || value === undefined ? "—" : exact.format(value));

  function axis(name, isRight) {
    return {
      type: "value",
      name,
      position: isRight ? "right" : "left",
      minInterval: 1,
      splitNumber: 4,
      nameGap: 12,
      nameTextStyle: { color: property("muted"), fontSize: 12, align: isRight ? "right" : "left" },
      axisLabel: { color: property("muted"), formatter: (value) => short.format(value) },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: !isRight, lineStyle: { color: property("line") } },
    };
  }

  function column(series, position, all) {
    const isTop = position === all.length - 1;
    return {
      type: "bar",
      stack: "columns",
      name: series.name,
      data: series.values,
      barMaxWidth: 36,
      barCategoryGap: "38%",
      itemStyle: {
        color: property(series.color),
        borderColor: property("card"),
        borderWidth: 1,
        borderRadius: isTop ? [4, 4, 0, 0] : 0,
      },
      emphasis: { itemStyle: { opacity: 0.85 } },
    };
  }

  function line(series) {
    const color = property(series.color);
    return {
      type: "line",
      yAxisIndex: 1,
      name: series.name,
      data: series.values,
      symbol: "circle",
      symbolSize: 8,
      showAllSymbol: true,
      z: 5,
      lineStyle: { color, width: 2.5 },
      itemStyle: { color, borderColor: property("card"), borderWidth: 1.5 },
    };
  }

  function option(content) {
    return {
      animation: !isStill,
      animationDuration: 150,
      animationDurationUpdate: 150,
      textStyle: { fontFamily: property("font") },
      grid: { left: 52, right: content.lines.length ? 44 : 12, top: 36, bottom: 28 },
      xAxis: {
        type: "category",
        data: content.labels,
        axisLabel: { color: property("muted"), hideOverlap: true },
        axisLine: { lineStyle: { color: property("line-strong") } },
        axisTick: { show: false },
      },
      yAxis: content.lines.length
        ? [axis(content.columnsAxis, false), axis(content.linesAxis, true)]
        : [axis(content.columnsAxis, false)],
      series: [...content.columns.map(column), ...content.lines.map(line)],
    };
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function fill(tip, content, index) {
    const lines = [...content.columns, ...content.lines].map((series) => {
      const row = element("p", "", "");
      row.append(
        element("span", `chart-swatch ${series.color}`, ""),
        element("span", "", series.name),
        element("span", "", words(series.values[index])),
      );
      return row;
    });
    tip.replaceChildren(
      element("strong", "", content.labels[index]),
      element("div", "muted", content.details[index]),
      ...lines,
    );
  }

  /* The `simple` build of ECharts has no tooltip; this one is a plain box, deaf to the pointer. */
  function addTip(chart, box, canvas, content) {
    const tip = element("div", "chart-tip", "");
    tip.hidden = true;
    tip.setAttribute("aria-hidden", "true");
    box.append(tip);
    const hide = () => {
      tip.hidden = true;
    };
    chart.getZr().on("globalout", hide);
    chart.getZr().on("mousemove", (event) => {
      const point = [event.offsetX, event.offsetY];
      const index = chart.convertFromPixel({ xAxisIndex: 0 }, point[0]);
      if (!chart.containPixel("grid", point) || content.labels[index] === undefined) {
        hide();
        return;
      }
      fill(tip, content, index);
      tip.hidden = false;
      const isLeft = point[0] + tip.offsetWidth + 24 > canvas.clientWidth;
      tip.style.left = `${Math.max(0, isLeft ? point[0] - tip.offsetWidth - 12 : point[0] + 12)}px`;
      tip.style.top = `${canvas.offsetTop + 12}px`;
    });
  }

  function drawHead(context, content, width) {
    const font = property("font");
    context.fillStyle = property("card");
    context.fillRect(0, 0, width, HEAD);
    context.fillStyle = property("ink");
    context.font = `600 18px ${font}`;
    context.fillText(content.title, 20, 32);
    context.fillStyle = property("muted");
    context.font = `13px ${font}`;
    context.fillText(content.source, 20, 54);
    let left = 20;
    [...content.columns, ...content.lines].forEach((series) => {
      context.fillStyle = property(series.color);
      context.fillRect(left, 70, 12, 12);
      context.fillStyle = property("ink");
      context.fillText(series.name, left + 18, 81);
      left += 42 + context.measureText(series.name).width;
    });
  }

  /* The picture has what the page says around the drawing: title, whose figures, legend. */
  function picture(chart, content) {
    const ratio = 2;
    const image = document.createElement("canvas");
    const width = chart.getWidth();
    image.width = width * ratio;
    image.height = (chart.getHeight() + HEAD) * ratio;
    const context = image.getContext("2d");
    context.scale(ratio, ratio);
    drawHead(context, content, width);
    const drawing = chart.renderToCanvas({ pixelRatio: ratio, backgroundColor: property("card") });
    context.drawImage(drawing, 0, HEAD, width, chart.getHeight());
    return image.toDataURL("image/png");
  }

  function addSave(chart, name, content) {
    const link = document.querySelector(`[data-chart-save="${name}"]`);
    if (!link) {
      return;
    }
    link.hidden = false;
    link.download = `${content.file}.png`;
    link.addEventListener("click", () => {
      link.href = picture(chart, content);
    });
  }

  function draw(box) {
    const name = box.dataset.chart;
    const content = JSON.parse(document.getElementById(name).textContent);
    const canvas = box.querySelector(".chart-canvas");
    canvas.hidden = false;
    const chart = window.echarts.init(canvas);
    chart.setOption(option(content));
    box.querySelector(".chart-legend").hidden = false;
    box.querySelector(".chart-fallback").hidden = true;
    addTip(chart, box, canvas, content);
    addSave(chart, name, content);
    dark.addEventListener("change", () => chart.setOption(option(content)));
    new ResizeObserver(() => chart.resize()).observe(canvas);
  }

  function start() {
    document.querySelectorAll("[data-chart]").forEach((box) => {
      try {
        draw(box);
      } catch (error) {
        box.querySelector(".chart-canvas").hidden = true;
        box.querySelector(".chart-fallback").hidden = false;
        window.reportError(error);
      }
    });
  }

  start();
})();
